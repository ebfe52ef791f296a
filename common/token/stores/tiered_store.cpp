// SPDX-License-Identifier: Apache-2.0
#include "token/stores/tiered_store.hpp"

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace token {

TieredStore::TieredStore(std::vector<std::unique_ptr<TokenStore>> places) {
  for (auto& place : places) tiers_.push_back({std::move(place), {}, {}});
}

template <typename Action>
bool TieredStore::attempt(Tier& tier, const Action& action) {
  if (!tier.failure.empty()) return false;
  try {
    action(*tier.store);
    return true;
  } catch (const base::Error& error) {
    tier.failure = error.what();
    tier.hint = error.hint();
    return false;
  }
}

std::string TieredStore::name() const {
  std::vector<std::string> names;
  for (const auto& tier : tiers_) {
    if (tier.failure.empty()) names.push_back(tier.store->name());
  }
  return names.empty() ? "nowhere" : base::join(names, ", and the ");
}

void TieredStore::check() {
  for (auto& tier : tiers_) attempt(tier, [](TokenStore& store) { store.check(); });
}

std::optional<base::Secret> TieredStore::load(const StoreKey& key) {
  std::optional<base::Secret> found;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) { found = store.load(key); });
    if (found) break;
  }
  return found;
}

void TieredStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) {
      // A place that is full must not go on giving out what was there before.
      store.erase(key);
      store.save(key, secret, expires_at);
    });
  }
}

bool TieredStore::erase(const StoreKey& key) {
  bool erased = false;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) { erased = store.erase(key) || erased; });
  }
  return erased;
}

std::vector<StoreKey> TieredStore::keys() {
  std::set<StoreKey> keys;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) {
      for (auto& key : store.keys()) keys.insert(std::move(key));
    });
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> TieredStore::places_of(const StoreKey& key) {
  std::vector<std::string> names;
  for (auto& tier : tiers_) {
    attempt(tier, [&](TokenStore& store) {
      if (store.load(key)) names.push_back(store.name());
    });
  }
  return names;
}

std::vector<TieredStore::Place> TieredStore::places() const {
  std::vector<Place> places;
  for (const auto& tier : tiers_) places.push_back({tier.store->name(), tier.failure, tier.hint});
  return places;
}

}  // namespace token
