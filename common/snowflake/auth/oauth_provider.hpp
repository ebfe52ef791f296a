// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

/// An OAuth 2.0 identity provider from a connection, and the client credentials for it
/// (`snowflake/PROTOCOL.md` 3.6).
struct OAuthProvider {
  std::string authorization_url;  ///< empty where no browser is needed
  std::string token_url;
  std::string client_id;
  base::Secret client_secret;
  std::string scope;  ///< may be empty
  bool credentials_in_body = false;
  base::NextStep login;  ///< the command that logs in again

  /// The host of the token URL, for messages.
  std::string host() const;
  /// A hash of provider, client and scope.
  std::string fingerprint() const;
};

/// Snowflake itself, or the provider in the connection. Throws `config` for URLs that are not https (or http
/// to loopback), and when the connection lacks the client id or secret for a provider other than Snowflake.
OAuthProvider authorization_code_provider(const config::Connection&, const config::Account&);

/// Throws `config` when the connection lacks the token URL, client id or secret (3.7).
OAuthProvider client_credentials_provider(const config::Connection&);

/// A provider's error response (RFC 6749, 4.1.2.1 and 5.2) as an `Error` with its own message and a next
/// step.
[[nodiscard]] base::Error oauth_refusal(const OAuthProvider&, std::string_view error,
                                        std::string_view description);

/// A random secret in the alphabet that PKCE and `state` allow (RFC 7636, 4.1).
inline base::Secret random_verifier() { return base::Secret{net::base64url(net::random_bytes(32))}; }

/// The S256 code challenge for a verifier (RFC 7636, 4.2).
inline std::string code_challenge(const base::Secret& verifier) {
  return net::base64url(net::sha256(verifier.reveal()));
}

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

/// The stored access and refresh tokens of one provider. Stores nothing if the connection forbids it.
class StoredOAuthTokens {
public:
  StoredOAuthTokens(const AuthContext&, const OAuthProvider&);

  std::optional<base::Secret> access() const { return load(access_token_kind); }
  std::optional<base::Secret> refresh() const { return load(refresh_token_kind); }
  /// Does not replace the refresh token when there is no new one.
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
