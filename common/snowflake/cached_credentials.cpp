// SPDX-License-Identifier: Apache-2.0
#include "snowflake/cached_credentials.hpp"

#include <optional>

#include "base/error.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/session.hpp"
#include "token/token_cache.hpp"

namespace snowflake {
namespace {

/// Stored credentials belong to a user in every role: they are found by host and user alone.
std::vector<token::StoreKey> keys_of(const LoginIdentity& identity, token::TieredStore& credentials) {
  std::vector<token::StoreKey> keys = {identity.key_of(token::registry_token_kind),
                                       identity.key_of(session_kind)};
  for (auto& key : credentials.keys()) {
    if (is_login_credential(key.kind) && key.host == identity.key.host && key.user == identity.key.user)
      keys.push_back(std::move(key));
  }
  return keys;
}

std::optional<base::TimePoint> expiry_of(const std::string& kind, const base::Secret& record) {
  if (kind == token::registry_token_kind) {
    const auto token = token::RegistryToken::from_record(record);
    return token ? std::optional{token->expires_at} : std::nullopt;
  }
  if (kind == session_kind) {
    const auto tokens = SessionTokens::from_record(record);
    return tokens ? std::optional{tokens->master_expires_at} : std::nullopt;
  }
  return StoredCredentials::expiry_of(record);
}

}  // namespace

std::vector<CachedCredential> cached_credentials(const LoginIdentity& identity,
                                                 token::TieredStore& credentials) {
  std::vector<CachedCredential> cached;
  for (const auto& key : keys_of(identity, credentials)) {
    const auto record = credentials.load(key);
    const auto expires_at = record ? expiry_of(key.kind, *record) : std::nullopt;
    auto stores = credentials.stores_of(key);
    if (expires_at && !stores.empty()) cached.push_back({key.kind, std::move(stores), *expires_at});
  }
  return cached;
}

}  // namespace snowflake
