// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/browser_login.hpp"

#include "base/error.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// The timeout of the official drivers (`snowflake/PROTOCOL.md` 3.5).
constexpr std::chrono::seconds default_timeout{120};
constexpr std::chrono::hours max_timeout{1};

std::chrono::seconds timeout_of(const config::Connection& connection) {
  return std::min<std::chrono::seconds>(
      connection.seconds("external_browser_timeout").value_or(default_timeout), max_timeout);
}

}  // namespace

ui::Prompter& required_prompter(const AuthContext& context) {
  if (context.prompter != nullptr) return *context.prompter;
  throw Error(Kind::login_required, "a user must log in with a browser", login_step(context.connection));
}

void use_browser(const AuthContext& context, ui::LoopbackListener& listener, const std::string& url,
                 const ui::Callback& callback, const std::string& redirect_prefix) {
  if (!ui::may_be_opened(url)) {
    throw Error(Kind::denied,
                "Snowflake returned a login URL that is not http(s): " + base::printable(url, 100),
                "ask the account administrator to correct the security integration");
  }
  const auto timeout = timeout_of(context.connection);
  const std::string hint =
      "run this at a terminal: " + login_command(context.connection) +
      "; a job without a user logs in with a key pair, an access token or workload identity";
  if (ui::wait_for_login({url, callback, redirect_prefix, timeout, hint}, required_prompter(context),
                         listener, context.clock))
    return;
  throw Error(
      Kind::login_required,
      "no login with the browser within " + std::to_string(timeout.count()) + " seconds",
      login_step(context.connection, "; for more time, set external_browser_timeout in the connection"));
}

ui::Page login_received_page() {
  return {
      "Back to the terminal",
      "docker snowflake has received your login and continues in the terminal. You can close this window.",
      true};
}

bool stores_credentials(const config::Connection& connection) {
  constexpr const char* key = "client_store_temporary_credential";
  return !connection.has(key) || connection.flag(key);
}

RedirectAddress::RedirectAddress(const std::string& configured) {
  const std::string text = configured.empty() ? "http://127.0.0.1" : configured;
  const auto parts = net::parse_url(text);
  const auto scheme_end = text.find("://");
  if ((parts.scheme != "http" && parts.scheme != "https") || scheme_end == std::string::npos ||
      text.find('#') != std::string::npos) {
    throw base::Error(
        base::Kind::config,
        "oauth_redirect_uri of the connection is not a valid URL: " + base::printable(text, 200),
        "set oauth_redirect_uri = \"http://127.0.0.1\", or the URI registered at the provider");
  }
  is_loopback_ = base::is_loopback(parts.host);
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
  const int used = is_loopback_ ? port : port_;
  return before_port_ + (used == 0 ? "" : ":" + std::to_string(used)) + after_port_;
}

}  // namespace snowflake
