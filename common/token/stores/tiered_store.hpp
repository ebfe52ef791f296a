// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "token/token_store.hpp"

namespace token {

/// Several places, the fastest first. What is saved goes into every place that works, so that it is found
/// fast and outlives the fastest. A place that fails is left alone for the rest of the process. Where none is
/// left nothing is kept, which is no error: a build container has no keyring of any kind.
class TieredStore final : public TokenStore {
public:
  explicit TieredStore(std::vector<std::unique_ptr<TokenStore>> places);

  std::string name() const override;
  /// Tries every place; never throws.
  void check() override;
  /// From the first place that has it.
  std::optional<base::Secret> load(const StoreKey&) override;
  /// Into every place that works.
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

  /// The names of all places that have it.
  std::vector<std::string> places_of(const StoreKey&);

  struct Place {
    std::string name;
    std::string failure;  ///< why it does not serve; empty as long as it did not fail
    std::string hint;
  };
  /// What is known of the places so far, in their order.
  std::vector<Place> places() const;

private:
  struct Tier {
    std::unique_ptr<TokenStore> store;
    std::string failure;
    std::string hint;
  };
  /// False when the place failed, now or before.
  template <typename Action>
  bool attempt(Tier&, const Action&);

  std::vector<Tier> tiers_;
};

}  // namespace token
