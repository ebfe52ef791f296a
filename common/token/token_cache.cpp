// SPDX-License-Identifier: Apache-2.0
#include "token/token_cache.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace token {
namespace {

constexpr std::int64_t record_version = 1;

std::optional<RegistryToken> load(TokenStore& store, const StoreKey& key) {
  const auto record = store.load(key);
  return record ? RegistryToken::from_record(*record) : std::nullopt;
}

StoreKey token_key(StoreKey login) {
  login.kind = registry_token_kind;
  return login;
}

/// The beginning of every `login_id` of a user at an account.
std::string owner_id(const StoreKey& owner) {
  return base::Fingerprint{}.add(owner.host).add(owner.user).hex() + "/";
}

/// Identifies the login of a token, so that the copies of the token that are ready for hosts are found.
std::string login_id(const StoreKey& login) {
  return owner_id(login) + base::Fingerprint{}.add(login.detail).hex();
}

}  // namespace

bool RegistryToken::valid_at(base::TimePoint now) const {
  return now + clock_slack >= issued_at && now < expires_at;
}

bool RegistryToken::fresh_at(base::TimePoint now) const {
  return valid_at(now) && (expires_at - now) * 2 >= expires_at - issued_at;
}

docker::Credential RegistryToken::credential_for(std::string server_url, base::TimePoint now) const {
  if (!username.empty()) return {std::move(server_url), username, value};
  const base::OrderedJson secret = {
      {"token", value.reveal()}, {"expires_in", std::min(expires_at - now, expires_at - issued_at).count()}};
  return {std::move(server_url), std::string{session_token_user}, base::Secret{secret.dump()}};
}

base::Secret RegistryToken::to_record() const {
  const base::Json json = {{"version", record_version},
                           {"token", value.reveal()},
                           {"issued_at", issued_at.time_since_epoch().count()},
                           {"expires_at", expires_at.time_since_epoch().count()},
                           {"connection", connection},
                           {"config", config_fingerprint},
                           {"login", login}};
  return base::Secret{base::dump_json(json)};
}

std::optional<RegistryToken> RegistryToken::from_record(const base::Secret& record) {
  const auto json = base::parse_json(record.reveal());
  if (!json || base::whole_number_at(*json, "version") != record_version) return std::nullopt;
  const auto value = base::text_at(*json, "token");
  const auto issued_at = base::time_at(*json, "issued_at");
  const auto expires_at = base::time_at(*json, "expires_at");
  if (!value || value->empty() || !issued_at || !expires_at) return std::nullopt;
  return RegistryToken{base::Secret{*value},
                       *issued_at,
                       *expires_at,
                       base::text_at(*json, "connection").value_or(""),
                       base::text_at(*json, "config").value_or(""),
                       base::text_at(*json, "login").value_or("")};
}

StoreKey ready_key(const docker::RegistryHost& host) {
  return {.kind = registry_token_kind, .host = host.name(), .user = {}, .detail = {}};
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
  std::optional<base::Error> failure;
  try {
    forget_ready(login_id(login));
  } catch (const base::Error& error) {
    failure = error;
  }
  stores_.credentials->erase(token_key(login));
  if (failure) throw base::Error{*failure};
}

void TokenCache::forget_ready_of(const StoreKey& owner) const { forget_ready(owner_id(owner)); }

void TokenCache::forget_ready(const std::string& begin_of_login) const {
  for (const auto& key : stores_.ready->keys()) {
    // The kernel keyring holds tokens of both kinds; those that are ready have a host and no user.
    if (key.kind != registry_token_kind || !key.user.empty() || !key.detail.empty()) continue;
    const auto token = load(*stores_.ready, key);
    if (token && token->login.starts_with(begin_of_login)) stores_.ready->erase(key);
  }
}

}  // namespace token
