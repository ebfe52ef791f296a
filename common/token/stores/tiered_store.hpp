// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "token/token_store.hpp"

namespace token {

/// What looking for a secret in several stores found out.
struct Lookup {
  std::optional<base::Secret> secret;
  /// Where there is no secret: why a store that may hold it could not be asked.
  std::optional<base::Error> failure;
};

/// Several stores, the fastest first. What is saved goes into every one that works, so that it is found fast
/// and outlives the fastest. One that fails is left alone for the rest of the process. That none is left is
/// no error when saving: a build container has no keyring of any kind.
class TieredStore final : public TokenStore {
public:
  explicit TieredStore(std::vector<std::unique_ptr<TokenStore>> stores);

  /// Of all that work.
  std::string name() const override;
  /// Tries every store; never throws.
  void check() override;
  /// From the first store that has it.
  Lookup find(const StoreKey&);
  std::optional<base::Secret> load(const StoreKey& key) override { return find(key).secret; }
  /// Into every store that works; never throws `keyring`. A store that cannot take it drops what it had.
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  /// Out of every store. Throws `keyring` at the end when one that may hold it failed.
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

  /// The names of all stores that have it.
  std::vector<std::string> stores_of(const StoreKey&);

  struct State {
    std::string name;
    std::string failure;  ///< why it is not used; empty as long as it did not fail
    std::string hint;
  };
  /// What is known of the stores so far, in their order.
  std::vector<State> states() const;

private:
  struct Tier {
    std::unique_ptr<TokenStore> store;
    std::optional<base::Error> failure = {};
    bool is_missing = false;
  };
  /// False when the store failed, now or before.
  template <typename Action>
  bool attempt(Tier&, const Action&);
  const Tier* failed() const;

  std::vector<Tier> tiers_;
};

/// Which stores may be used.
struct StorePlan {
  bool kernel_keyring = true;
  bool secret_service = true;
};

/// The stores of one process.
struct Stores {
  std::unique_ptr<TieredStore> ready;  ///< registry tokens by host, for the next `get`
  std::unique_ptr<TieredStore>
      credentials;  ///< sessions, registry tokens by login, and what stands for a user
};

/// For what is ready, the kernel keyring; for credentials, the kernel keyring, which answers in microseconds,
/// and the Secret Service, which outlives a reboot. Nothing is opened yet.
Stores open_stores(const StorePlan&, const base::Environment&, base::Clock&);

}  // namespace token
