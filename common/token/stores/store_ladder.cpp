// SPDX-License-Identifier: Apache-2.0
#include "token/stores/store_ladder.hpp"

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace token {

StoreLadder::StoreLadder(std::vector<std::unique_ptr<TokenStore>> places) {
  for (auto& place : places) rungs_.push_back({std::move(place), {}, {}});
}

template <typename Action>
bool StoreLadder::attempt(Rung& rung, const Action& action) {
  if (!rung.failure.empty()) return false;
  try {
    action(*rung.store);
    return true;
  } catch (const base::Error& error) {
    rung.failure = error.what();
    rung.hint = error.hint();
    return false;
  }
}

std::string StoreLadder::name() const {
  std::vector<std::string> names;
  for (const auto& rung : rungs_) {
    if (rung.failure.empty()) names.push_back(rung.store->name());
  }
  return names.empty() ? "nowhere" : base::join(names, ", and the ");
}

void StoreLadder::check() {
  for (auto& rung : rungs_) attempt(rung, [](TokenStore& store) { store.check(); });
}

std::optional<base::Secret> StoreLadder::load(const StoreKey& key) {
  std::optional<base::Secret> found;
  for (auto& rung : rungs_) {
    attempt(rung, [&](TokenStore& store) { found = store.load(key); });
    if (found) break;
  }
  return found;
}

void StoreLadder::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  for (auto& rung : rungs_) {
    attempt(rung, [&](TokenStore& store) {
      // A place that is full must not go on giving out what was there before.
      store.erase(key);
      store.save(key, secret, expires_at);
    });
  }
}

bool StoreLadder::erase(const StoreKey& key) {
  bool erased = false;
  for (auto& rung : rungs_) {
    attempt(rung, [&](TokenStore& store) { erased = store.erase(key) || erased; });
  }
  return erased;
}

std::vector<StoreKey> StoreLadder::keys() {
  std::set<StoreKey> keys;
  for (auto& rung : rungs_) {
    attempt(rung, [&](TokenStore& store) {
      for (auto& key : store.keys()) keys.insert(std::move(key));
    });
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> StoreLadder::places_of(const StoreKey& key) {
  std::vector<std::string> names;
  for (auto& rung : rungs_) {
    attempt(rung, [&](TokenStore& store) {
      if (store.load(key)) names.push_back(store.name());
    });
  }
  return names;
}

std::vector<StoreLadder::Place> StoreLadder::places() const {
  std::vector<Place> places;
  for (const auto& rung : rungs_) places.push_back({rung.store->name(), rung.failure, rung.hint});
  return places;
}

}  // namespace token
