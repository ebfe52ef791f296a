// SPDX-License-Identifier: Apache-2.0
#include "token/token_cache.hpp"

#include "base/error.hpp"
#include "base/fingerprint.hpp"

namespace token {
namespace {

constexpr const char* kind = "registry-token";

std::optional<RegistryToken> load(TokenStore& store, const StoreKey& key) {
  const auto record = store.load(key);
  return record ? RegistryToken::from_record(*record) : std::nullopt;
}

StoreKey of_token(StoreKey login) {
  login.kind = kind;
  return login;
}

/// Marks the token with the login that it is of, so that it is found again wherever it is ready.
std::string mark_of(const StoreKey& login) {
  return base::Fingerprint{}.add(login.host).add(login.user).add(login.detail).hex();
}

}  // namespace

StoreKey ready_key(const docker::RegistryHost& host) {
  return {.kind = kind, .host = host.name(), .user = {}, .detail = {}};
}

std::optional<RegistryToken> find_ready_token(const docker::RegistryHost& host,
                                              const std::string& config_fingerprint, TokenStore& ready,
                                              base::TimePoint now) {
  try {
    auto token = load(ready, ready_key(host));
    if (token && token->config_fingerprint == config_fingerprint && token->fresh_at(now)) return token;
  } catch (const base::Error&) {
    // As if there were none.
  }
  return std::nullopt;
}

std::optional<RegistryToken> TokenCache::find(const StoreKey& login) const {
  return load(*stores_.credentials, of_token(login));
}

void TokenCache::save(const StoreKey& login, RegistryToken& token) const {
  token.login = mark_of(login);
  stores_.credentials->save(of_token(login), token.to_record(), token.expires_at);
}

void TokenCache::make_ready(const docker::RegistryHost& host, const RegistryToken& token) const {
  stores_.ready->save(ready_key(host), token.to_record(), token.expires_at);
}

void TokenCache::forget(const StoreKey& login) const {
  for (const auto& key : stores_.ready->keys()) {
    // The kernel keyring holds both; what is ready belongs to a host and to no user.
    if (key.kind != kind || !key.user.empty() || !key.detail.empty()) continue;
    const auto token = load(*stores_.ready, key);
    if (token && token->login == mark_of(login)) stores_.ready->erase(key);
  }
  stores_.credentials->erase(of_token(login));
}

}  // namespace token
