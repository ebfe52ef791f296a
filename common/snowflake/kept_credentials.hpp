// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "snowflake/sign_in.hpp"
#include "token/stores/tiered_store.hpp"

namespace snowflake {

/// One secret that is kept of a sign-in, without the secret.
struct KeptCredential {
  std::string kind;                 ///< "session", "mfa-token", ...
  std::vector<std::string> places;  ///< as the stores call themselves
  base::TimePoint expires_at;       ///< by this machine's clock
};

/// What the next sign-in of this kind would find: its session, its registry token, and the proofs of its user
/// at its account, which other connections may share.
std::vector<KeptCredential> kept_credentials(const SignIn&, token::TieredStore& kept);

/// Forgets all of that, in every place.
void forget_credentials(const SignIn&, token::TokenStore& kept);

}  // namespace snowflake
