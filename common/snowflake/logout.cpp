// SPDX-License-Identifier: Apache-2.0
#include "snowflake/logout.hpp"

#include <vector>

#include "base/error.hpp"
#include "config/account.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/login_identity.hpp"
#include "token/token_cache.hpp"

namespace snowflake {
namespace {

/// Short, because logging out must not fail when another process hangs.
constexpr std::chrono::seconds wait_to_forget{5};

/// The keys of what is stored for a user at an account. Records of refused logins stay: the password is still
/// wrong.
std::vector<token::StoreKey> keys_of_owner(const token::StoreKey& owner, token::TieredStore& credentials) {
  auto keys = credentials.keys();
  std::erase_if(keys, [&](const token::StoreKey& key) {
    const bool is_secret =
        key.kind == token::registry_token_kind || key.kind == session_kind || is_login_credential(key.kind);
    return !is_secret || key.host != owner.host || key.user != owner.user;
  });
  return keys;
}

}  // namespace

bool log_out(const config::Connection& connection, const SessionParts& parts) {
  const auto owner = owner_of(connection);
  const auto held = lock_to_forget(owner, parts);
  const auto keys = keys_of_owner(owner, *parts.stores.credentials);
  std::optional<base::Error> failure;
  const auto attempt = [&](const auto& action) {
    try {
      action();
    } catch (const base::Error& error) {
      failure = error;
    }
  };
  attempt([&] { token::TokenCache{parts.stores}.forget_ready_of(owner); });
  for (const auto& key : keys) attempt([&] { parts.stores.credentials->erase(key); });
  // Throws when a store has failed, even if nothing was found elsewhere.
  attempt([&] { parts.stores.credentials->erase(owner); });
  if (failure) throw base::Error{*failure};
  return !keys.empty();
}

bool end_sessions(const config::Connection& connection, const SessionParts& parts) {
  Api api{parts.http, parts.clock, config::account_of(connection)};
  bool ended = false;
  for (const auto& key : keys_of_owner(owner_of(connection), *parts.stores.credentials)) {
    const auto record = key.kind == session_kind ? parts.stores.credentials->load(key) : std::nullopt;
    auto tokens = record ? SessionTokens::from_record(*record) : std::nullopt;
    if (tokens && tokens->master_expires_at > parts.clock.now())
      ended = Session{api, std::move(*tokens), parts.clock}.end() || ended;
  }
  return ended;
}

std::optional<token::LoginLock> lock_to_forget(const token::StoreKey& login, const SessionParts& parts) {
  try {
    return token::LoginLock{
        parts.lock_locations, {login, {}, {}, {}}, parts.deadline.within(wait_to_forget), parts.clock};
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::busy) throw;
    return std::nullopt;
  }
}

}  // namespace snowflake
