// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/environment.hpp"
#include "config/account.hpp"
#include "config/config_paths.hpp"
#include "config/connection.hpp"
#include "token/login_records.hpp"
#include "token/token_store.hpp"

namespace snowflake {

/// The kind of sessions in stores.
inline constexpr const char* session_kind = "session";

/// The account and the user of a connection, as a key without kind and detail. Throws `config` when the
/// account is not valid.
token::StoreKey owner_of(const config::Connection&);

/// Which user logs in to which account, in which role. Connections with the same identity share cached
/// tokens.
struct LoginIdentity {
  /// Reads the token file of a connection without a user: the token determines who logs in. Throws `config`
  /// when the connection is not valid.
  LoginIdentity(config::Connection, const base::Environment&);
  /// With a key from the caller, for logins that the connection does not distinguish. Throws like the
  /// other.
  LoginIdentity(config::Connection, const base::Environment&, token::StoreKey);

  /// The key of this login's secret of one kind.
  token::StoreKey key_of(std::string kind) const;
  /// What the lock of this login needs.
  token::LoginSubject subject(const config::ConfigFingerprint&, const base::Environment&) const;

  config::Connection connection;
  config::Account account;
  token::StoreKey key;  ///< without a kind
};

}  // namespace snowflake
