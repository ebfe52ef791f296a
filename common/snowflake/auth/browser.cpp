// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/browser.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "snowflake/auth/required.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// As the official drivers wait (`snowflake/PROTOCOL.md` 3.5).
constexpr std::chrono::seconds default_timeout{120};
constexpr std::chrono::hours max_timeout{1};

std::chrono::seconds timeout_of(const config::Connection& connection) {
  constexpr const char* key = "external_browser_timeout";
  if (!connection.has(key)) return default_timeout;
  const auto seconds = base::whole_number_at({{key, connection.text(key)}}, key);
  if (seconds && *seconds > 0)
    return std::min<std::chrono::seconds>(std::chrono::seconds{*seconds}, max_timeout);
  throw Error(Kind::config, std::string{key} + " of the connection is no number of seconds",
              "write external_browser_timeout = 120");
}

}  // namespace

ui::Prompter& required_person(const AuthContext& context) {
  if (context.prompter != nullptr) return *context.prompter;
  throw Error(Kind::login_required, "only a person can sign in with a browser",
              login_command(context.connection));
}

void use_browser(const AuthContext& context, ui::LoopbackListener& listener, const std::string& address,
                 const ui::Callback& callback, const std::string& comes_back) {
  if (!ui::may_be_opened(address)) {
    throw Error(Kind::denied,
                "the address to sign in at is none for a browser: " + base::printable(address, 100),
                "ask the administrator of the account to correct the security integration");
  }
  const auto timeout = timeout_of(context.connection);
  if (ui::visit({address, callback, comes_back, timeout}, required_person(context), listener, context.clock))
    return;
  throw Error(
      Kind::login_required,
      "nobody signed in with the browser within " + std::to_string(timeout.count()) + " seconds",
      login_command(context.connection) + "; external_browser_timeout in the connection gives more time");
}

ui::Page arrival_page() {
  return {"Back to the terminal",
          "Your sign-in has reached docker snowflake, which goes on with it. You can close this window.",
          true};
}

bool keeps_proofs(const config::Connection& connection) {
  constexpr const char* key = "client_store_temporary_credential";
  return !connection.has(key) || connection.flag(key);
}

}  // namespace snowflake
