// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"
#include "net/crypto.hpp"

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
  std::string login;  ///< the command that logs in again

  /// The host of the token URL, for messages.
  std::string host() const;
  /// Differs when provider, client or scope differ.
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

}  // namespace snowflake
