// SPDX-License-Identifier: Apache-2.0
#include "token/token_cache.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace token {
namespace {

constexpr const char* kind = "registry-token";

std::optional<RegistryToken> load(TokenStore& store, const StoreKey& key) {
  const auto record = store.load(key);
  return record ? RegistryToken::from_record(*record) : std::nullopt;
}

StoreKey token_key(StoreKey login) {
  login.kind = kind;
  return login;
}

/// Identifies the login of a token, so that `forget` finds the copies of the token that are ready for hosts.
std::string login_id(const StoreKey& login) {
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
    // Counts as empty.
  }
  return std::nullopt;
}

std::optional<RegistryToken> TokenCache::find(const StoreKey& login) const {
  return load(*stores_.credentials, token_key(login));
}

void TokenCache::save(const StoreKey& login, RegistryToken& token) const {
  token.login = login_id(login);
  stores_.credentials->save(token_key(login), token.to_record(), token.expires_at);
}

void TokenCache::make_ready(const docker::RegistryHost& host, const RegistryToken& token) const {
  stores_.ready->save(ready_key(host), token.to_record(), token.expires_at);
}

void TokenCache::forget(const StoreKey& login) const {
  for (const auto& key : stores_.ready->keys()) {
    // The kernel keyring holds tokens of both kinds; those that are ready have a host and no user.
    if (key.kind != kind || !key.user.empty() || !key.detail.empty()) continue;
    const auto token = load(*stores_.ready, key);
    if (token && token->login == login_id(login)) stores_.ready->erase(key);
  }
  stores_.credentials->erase(token_key(login));
}

}  // namespace token
