// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/authenticator.hpp"
#include "ui/browser_callback.hpp"

namespace snowflake {

/// The prompter of the context. Throws `login_required` when there is none, as in the credential helper.
ui::Prompter& required_prompter(const AuthContext&);

/// Opens `url` in the user's browser, and waits until `callback` has accepted what the browser sends to the
/// listener. The timeout is the connection's `external_browser_timeout` (in seconds, by default 120). Throws
/// `login_required` at the timeout, `denied` when `url` must not be opened, and `config`.
void use_browser(const AuthContext&, ui::LoopbackListener&, const std::string& url,
                 const ui::Callback& callback, const std::string& redirect_prefix);

/// The page to show when the login has been received.
ui::Page login_received_page();

/// Whether the connection allows storing credentials: unless `client_store_temporary_credential` is false.
bool stores_credentials(const config::Connection&);

/// The redirect URI of an OAuth login, from `oauth_redirect_uri`: a port of this machine, fixed or chosen at
/// random (RFC 8252, 7.3), or a URI elsewhere that forwards to one.
class RedirectAddress {
public:
  /// An empty string means `http://127.0.0.1`. Throws `config` when it is not an http or https URL.
  explicit RedirectAddress(const std::string& configured);

  /// The port to listen on; 0 for any.
  int port() const noexcept { return port_; }
  /// The path of the browser's request.
  std::string path() const;
  /// The redirect URI to send to the provider when this program listens on `port`.
  std::string uri(int port) const;

private:
  std::string before_port_;
  std::string after_port_;
  int port_ = 0;
  bool is_loopback_ = true;
};

}  // namespace snowflake
