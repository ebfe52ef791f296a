// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/login_identity.hpp"
#include "snowflake/session.hpp"
#include "support/fakes.hpp"
#include "token/token_cache.hpp"

namespace fakes {

/// Stores a session, a registry token and an MFA token of a login. Returns the registry token.
inline token::RegistryToken store_everything_of(const snowflake::LoginIdentity& login, MemoryStores& memory,
                                                base::TimePoint now) {
  using std::chrono::hours;
  auto& credentials = *memory.stores.credentials;
  const snowflake::SessionTokens session{base::Secret{"S"}, base::Secret{"M"}, now + hours{1},
                                         now + hours{4}};
  credentials.save(login.key_of(snowflake::session_kind), session.to_record(), session.master_expires_at);
  token::RegistryToken token{base::Secret{"R"}, now, now + hours{1}, "", ""};
  token::TokenCache{memory.stores}.save(login.key, token);
  snowflake::StoredCredentials{credentials, login.key.host, login.key.user}.save(
      snowflake::mfa_token_kind, base::Secret{"T"}, now + hours{3});
  return token;
}

}  // namespace fakes
