// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "snowflake/login_identity.hpp"
#include "token/stores/tiered_store.hpp"

namespace snowflake {

/// One secret that a login left in a store, without the secret.
struct CachedCredential {
  std::string kind;                 ///< "session", "mfa-token", ...
  std::vector<std::string> stores;  ///< as they call themselves
  base::TimePoint expires_at;       ///< by this machine's clock
};

/// What the next login of this identity would find: its session, its registry token, and what stands for its
/// user at its account, which other connections may share.
std::vector<CachedCredential> cached_credentials(const LoginIdentity&, token::TieredStore& credentials);

/// Drops all of that from every store, and the registry token where it is ready for a host. Throws `keyring`
/// when a store that may hold some of it fails; then the others have dropped it all the same.
void forget_credentials(const LoginIdentity&, token::Stores&);

}  // namespace snowflake
