// SPDX-License-Identifier: Apache-2.0
#include "token/stores/tiered_store.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/secret_service_store.hpp"

namespace token {

TieredStore::TieredStore(std::vector<std::unique_ptr<TokenStore>> stores) {
  for (auto& store : stores) tiers_.push_back({std::move(store)});
}

template <typename Action>
bool TieredStore::attempt(Tier& tier, const Action& action) {
  if (tier.failure) return false;
  try {
    action(*tier.store);
    return true;
  } catch (const StoreMissing& error) {
    tier.failure = error;
    tier.is_missing = true;
  } catch (const base::Error& error) {
    tier.failure = error;
  }
  return false;
}

/// The first store that failed and may still hold a secret.
const TieredStore::Tier* TieredStore::failed() const {
  const auto found =
      std::ranges::find_if(tiers_, [](const Tier& tier) { return tier.failure && !tier.is_missing; });
  return found == tiers_.end() ? nullptr : &*found;
}

std::string TieredStore::name() const {
  std::vector<std::string> names;
  for (const auto& tier : tiers_) {
    if (!tier.failure) names.push_back(tier.store->name());
  }
  return names.empty() ? "nowhere" : base::join(names, ", and the ");
}

void TieredStore::check() {
  for (auto& tier : tiers_) attempt(tier, [](TokenStore& store) { store.check(); });
}

Lookup TieredStore::find(const StoreKey& key) {
  Lookup found;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) { found.secret = store.load(key); });
    if (found.secret) return found;
  }
  if (const auto unsaved = unsaved_.find(key); unsaved != unsaved_.end()) {
    found.secret = unsaved->second;
    return found;
  }
  if (const auto* tier = failed()) found.failure = tier->failure;
  return found;
}

void TieredStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  bool is_saved = false;
  for (auto& tier : tiers_) {
    if (tier.failure) continue;
    if (attempt(tier, [&](TokenStore& store) { store.save(key, secret, expires_at); })) {
      is_saved = true;
      continue;
    }
    try {
      // A store that is full must not keep an outdated secret.
      tier.store->erase(key);
    } catch (const base::Error&) {
      // The failure is already recorded.
    }
  }
  unsaved_.erase(key);
  if (!is_saved) unsaved_.emplace(key, secret);
}

bool TieredStore::erase(const StoreKey& key) {
  bool erased = unsaved_.erase(key) > 0;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) { erased = store.erase(key) || erased; });
  }
  if (const auto* tier = failed()) throw base::Error{*tier->failure};
  return erased;
}

std::vector<StoreKey> TieredStore::keys() {
  std::set<StoreKey> keys;
  for (const auto& [key, secret] : unsaved_) keys.insert(key);
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) {
      for (auto& key : store.keys()) keys.insert(std::move(key));
    });
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> TieredStore::stores_of(const StoreKey& key) {
  std::vector<std::string> names;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) {
      if (store.load(key)) names.push_back(store.name());
    });
  }
  return names;
}

std::vector<TieredStore::State> TieredStore::states() const {
  std::vector<State> states;
  for (const auto& tier : tiers_) {
    states.push_back({tier.store->name(), tier.failure ? tier.failure->what() : "",
                      tier.failure ? tier.failure->hint() : ""});
  }
  return states;
}

Stores open_stores(const AllowedStores& plan, const base::Environment& environment, base::Clock& clock) {
  std::vector<std::unique_ptr<TokenStore>> ready;
  std::vector<std::unique_ptr<TokenStore>> credentials;
  if (plan.kernel_keyring) ready.push_back(std::make_unique<KeyringStore>(clock));
  if (plan.kernel_keyring) credentials.push_back(std::make_unique<KeyringStore>(clock));
  if (plan.secret_service) credentials.push_back(std::make_unique<SecretServiceStore>(environment, clock));
  return {std::make_unique<TieredStore>(std::move(ready)),
          std::make_unique<TieredStore>(std::move(credentials))};
}

}  // namespace token
