// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace snowflake {

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
