// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/browser.hpp"

#include "base/error.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "snowflake/auth/requirements.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// As the official drivers wait (`snowflake/PROTOCOL.md` 3.5).
constexpr std::chrono::seconds default_timeout{120};
constexpr std::chrono::hours max_timeout{1};

std::chrono::seconds timeout_of(const config::Connection& connection) {
  return std::min<std::chrono::seconds>(
      connection.seconds("external_browser_timeout").value_or(default_timeout), max_timeout);
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

RedirectAddress::RedirectAddress(const std::string& configured) {
  const std::string text = configured.empty() ? "http://127.0.0.1" : configured;
  const auto parts = net::parse_url(text);
  const auto scheme_end = text.find("://");
  if ((parts.scheme != "http" && parts.scheme != "https") || scheme_end == std::string::npos ||
      text.find('#') != std::string::npos) {
    throw base::Error(base::Kind::config,
                      "oauth_redirect_uri of the connection is no web address: " + base::printable(text, 200),
                      "write oauth_redirect_uri = \"http://127.0.0.1\", or as the provider knows it");
  }
  is_here_ = base::is_loopback(parts.host);
  const auto host_end = std::min(text.find_first_of("/?", scheme_end + 3), text.size());
  const auto colon = text.rfind(':', host_end - 1);
  const bool has_port = colon > scheme_end && text.find(']', colon) >= host_end;
  before_port_ = text.substr(0, has_port ? colon : host_end);
  after_port_ = text.substr(host_end);
  if (has_port) port_ = parts.port;
}

std::string RedirectAddress::path() const {
  const auto path = after_port_.substr(0, after_port_.find('?'));
  return path.empty() ? "/" : path;
}

std::string RedirectAddress::uri(int port) const {
  const int told = is_here_ ? port : port_;
  return before_port_ + (told == 0 ? "" : ":" + std::to_string(told)) + after_port_;
}

}  // namespace snowflake
