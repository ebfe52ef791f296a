// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/environment.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "token/token_store.hpp"

namespace snowflake {

/// The kinds of what a login leaves in a store.
inline constexpr const char* session_kind = "session";
inline constexpr const char* registry_token_kind = "registry-token";

/// Who logs in, where, and in which role. Two connections that differ in nothing of that share what is
/// cached.
struct LoginIdentity {
  /// Reads the token file of a connection that names no user: the token says who logs in. Throws `config`
  /// when the connection is not sound.
  LoginIdentity(config::Connection, const base::Environment&);

  /// The key of one kind of secret of this login.
  token::StoreKey key_of(std::string kind) const;

  config::Connection connection;
  config::Account account;
  token::StoreKey key;  ///< without a kind
};

}  // namespace snowflake
