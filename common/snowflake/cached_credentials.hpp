// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "snowflake/login_identity.hpp"
#include "token/stores/tiered_store.hpp"

namespace snowflake {

/// Describes a stored secret of a login, without the secret itself.
struct CachedCredential {
  std::string kind;                 ///< "session", "mfa-token", ...
  std::vector<std::string> stores;  ///< the names of the stores that have it
  base::TimePoint expires_at;       ///< by this machine's clock
};

/// What is stored for this identity: its session, its registry token, and the credentials of its user, which
/// other connections may share.
std::vector<CachedCredential> cached_credentials(const LoginIdentity&, token::TieredStore& credentials);

}  // namespace snowflake
