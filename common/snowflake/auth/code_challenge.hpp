// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.hpp"
#include "net/crypto.hpp"

namespace snowflake {

/// A secret that only this process knows, in the alphabet that PKCE and `state` allow (RFC 7636, 4.1).
inline base::Secret random_verifier() { return base::Secret{net::base64url(net::random_bytes(32))}; }

/// What shows later that the same process asks (S256: RFC 7636, 4.2).
inline std::string code_challenge(const base::Secret& verifier) {
  return net::base64url(net::sha256(verifier.reveal()));
}

}  // namespace snowflake
