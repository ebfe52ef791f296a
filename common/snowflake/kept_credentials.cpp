// SPDX-License-Identifier: Apache-2.0
#include "snowflake/kept_credentials.hpp"

#include "snowflake/auth/stored_credentials.hpp"
#include "token/registry_token.hpp"

namespace snowflake {
namespace {

/// A role of its own does not make another user: the proofs are found by host and user alone.
std::vector<token::StoreKey> keys_of(const SignIn& sign_in, token::TokenStore& kept) {
  const auto session = sign_in.key(session_kind);
  std::vector<token::StoreKey> keys = {sign_in.key(registry_token_kind), session};
  for (auto& key : kept.keys()) {
    const bool is_secret_key = key.kind != session_kind && key.kind != registry_token_kind;
    if (is_secret_key && key.host == session.host && key.user == session.user) keys.push_back(std::move(key));
  }
  return keys;
}

std::optional<base::TimePoint> expiry_of(const std::string& kind, const base::Secret& record) {
  if (kind == registry_token_kind) {
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

std::vector<KeptCredential> kept_credentials(const SignIn& sign_in, token::TieredStore& kept) {
  std::vector<KeptCredential> credentials;
  for (const auto& key : keys_of(sign_in, kept)) {
    const auto record = kept.load(key);
    const auto expires_at = record ? expiry_of(key.kind, *record) : std::nullopt;
    if (expires_at) credentials.push_back({key.kind, kept.places_of(key), *expires_at});
  }
  return credentials;
}

void forget_credentials(const SignIn& sign_in, token::TokenStore& kept) {
  for (const auto& key : keys_of(sign_in, kept)) kept.erase(key);
}

}  // namespace snowflake
