// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/authenticator.hpp"
#include "ui/browser_callback.hpp"

namespace snowflake {

/// Whoever can use a browser. Throws `login_required` when there is nobody, as in the credential helper.
ui::Prompter& required_person(const AuthContext&);

/// Leads the person to `address` and waits until `callback` took what their browser brings back to the
/// `listener`, for as long as the connection's `external_browser_timeout` says (seconds; 120 without it).
/// Throws `login_required` when nothing came in time, `denied` when `address` is none to open, and `config`.
void use_browser(const AuthContext&, ui::LoopbackListener&, const std::string& address,
                 const ui::Callback& callback, const std::string& comes_back);

/// What a page says when the browser brought what was waited for.
ui::Page arrival_page();

/// Whether the connection lets proofs be kept: unless `client_store_temporary_credential` is false.
bool keeps_proofs(const config::Connection&);

/// Where an identity provider sends the browser back to, as `oauth_redirect_uri` names it: a port of this
/// machine that is fixed, or free to choose (RFC 8252, 7.3); or an address elsewhere that leads on to one.
class RedirectAddress {
public:
  /// Empty for `http://127.0.0.1`. Throws `config` when it is no address of http or https.
  explicit RedirectAddress(const std::string& configured);

  /// Where to listen; 0 when any port will do.
  int port() const noexcept { return port_; }
  /// The path at which the browser arrives.
  std::string path() const;
  /// What the provider is told, when this program listens at `port`.
  std::string uri(int port) const;

private:
  std::string before_port_;
  std::string after_port_;
  int port_ = 0;
  bool is_here_ = true;
};

}  // namespace snowflake
