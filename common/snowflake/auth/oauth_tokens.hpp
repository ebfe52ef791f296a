// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/oauth_provider.hpp"

namespace snowflake {

/// The tokens from a provider, with their expiry times by this machine's clock.
struct OAuthTokens {
  base::Secret access;
  base::TimePoint access_expires_at;
  base::Secret refresh;  ///< empty when there is none
  base::TimePoint refresh_expires_at;
};

/// Requests tokens (RFC 6749, 4.1.3, 4.4.2 and 6). `form` is sent with the client's credentials. Throws
/// `denied` with the provider's own message when it refuses, and `network` when there is no answer or a
/// malformed one.
[[nodiscard]] OAuthTokens request_oauth_tokens(const AuthContext&, const OAuthProvider&, net::Form form,
                                               net::RetryMode);

/// The stored access and refresh tokens of one provider. Stores nothing when the connection does not allow
/// it.
class StoredOAuthTokens {
public:
  StoredOAuthTokens(const AuthContext&, const OAuthProvider&);

  std::optional<base::Secret> access() const { return load(access_token_kind); }
  std::optional<base::Secret> refresh() const { return load(refresh_token_kind); }
  /// Keeps the old refresh token when there is no new one.
  void save(const OAuthTokens&) const;
  void forget_access() const { stored_.erase(access_token_kind, detail_); }
  void forget_refresh() const { stored_.erase(refresh_token_kind, detail_); }

private:
  std::optional<base::Secret> load(const char* kind) const;

  StoredCredentials stored_;
  std::string detail_;
  bool is_enabled_;
};

/// Adds an access token to the `data` of a login request. `type` is the official drivers' name of the grant:
/// `oauth_authorization_code` or `oauth_client_credentials`.
void add_oauth_token(base::Json& data, const config::Connection&, const base::Secret& access,
                     const char* type);

/// Whether Snowflake refused an access token that may be replaced by a new one (390303, 390318).
bool refuses_oauth_token(std::string_view code);

}  // namespace snowflake
