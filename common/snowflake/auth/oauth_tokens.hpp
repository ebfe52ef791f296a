// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/oauth_provider.hpp"

namespace snowflake {

/// What a provider gave, with the times by this machine's clock until which it lasts.
struct OAuthTokens {
  base::Secret access;
  base::TimePoint access_expires_at;
  base::Secret refresh;  ///< empty when there is none
  base::TimePoint refresh_expires_at;
};

/// Asks a provider for tokens (RFC 6749, 4.1.3, 4.4.2 and 6). `form` is sent with the client's credentials.
/// Throws `denied` when the provider refuses, in its words, and `network` when there is no answer that makes
/// sense.
OAuthTokens request_oauth_tokens(const AuthContext&, const OAuthProvider&,
                                 std::vector<std::pair<std::string, std::string>> form, net::RetryMode);

/// Access and refresh tokens of one provider, between two sign-ins. Keeps nothing where the connection does
/// not let it.
class KeptOAuthTokens {
public:
  KeptOAuthTokens(const AuthContext&, const OAuthProvider&);

  std::optional<base::Secret> access() const { return load(access_token_kind); }
  std::optional<base::Secret> refresh() const { return load(refresh_token_kind); }
  /// A refresh token stays when no other one came.
  void save(const OAuthTokens&) const;
  void forget_access() const { kept_.erase(access_token_kind, detail_); }
  void forget_refresh() const { kept_.erase(refresh_token_kind, detail_); }

private:
  std::optional<base::Secret> load(const char* kind) const;

  StoredCredentials kept_;
  std::string detail_;
  bool keeps_;
};

/// The proof that an access token is, put into a sign-in. `type` is what the official drivers call the way it
/// was got: `oauth_authorization_code` or `oauth_client_credentials`.
void add_oauth_token(base::Json& data, const config::Connection&, const base::Secret& access,
                     const char* type);

/// Snowflake refused an access token that another one can take the place of (390303, 390318).
bool refuses_oauth_token(std::string_view code);

}  // namespace snowflake
