// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/crypto.hpp"

namespace snowflake {

/// An OAuth 2.0 identity provider as a connection describes it, and who we are to it
/// (`snowflake/PROTOCOL.md` 3.6).
struct OAuthProvider {
  std::string authorization_url;  ///< empty where no browser is needed
  std::string token_url;
  std::string client_id;
  base::Secret client_secret;
  std::string scope;  ///< empty when none is to be asked for
  bool credentials_in_body = false;
  std::string login;  ///< the command that signs in anew

  /// The host that gives the tokens, for people.
  std::string host() const;
  /// Tells the tokens of one provider, client and scope from those of another.
  std::string fingerprint() const;
};

/// Snowflake itself, or whom the connection names. Throws `config` for addresses that are not https (http
/// only to loopback), and when another provider than Snowflake is named without client id and secret.
OAuthProvider authorization_code_provider(const config::Connection&, const config::Account&);

/// Throws `config` when the connection lacks token address, client id or secret (3.7).
OAuthProvider client_credentials_provider(const config::Connection&);

/// What a provider refused, in its own words (RFC 6749, 4.1.2.1 and 5.2), with a next step.
base::Error oauth_refusal(const OAuthProvider&, std::string_view error, std::string_view description);

/// A secret that only this process knows, in the alphabet that PKCE and `state` allow (RFC 7636, 4.1).
inline base::Secret random_verifier() { return base::Secret{net::base64url(net::random_bytes(32))}; }

/// What shows later that the same process asks (S256: RFC 7636, 4.2).
inline std::string code_challenge(const base::Secret& verifier) {
  return net::base64url(net::sha256(verifier.reveal()));
}

}  // namespace snowflake
