// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "token/token_store.hpp"

namespace token {

/// The result of looking up a secret in several stores.
struct Lookup {
  std::optional<base::Secret> secret;
  /// When no secret was found: why a store that may hold it could not be read.
  std::optional<base::Error> failure;
};

/// Several stores, the fastest first. Secrets are saved in every store that works, so that they are found
/// fast and survive the loss of the fastest store. A store that fails is not used again by this process.
/// Saving succeeds even when no store works, as in a container without keyrings: then this process remembers
/// the secret, so that one command does not log in twice.
class TieredStore final : public TokenStore {
public:
  explicit TieredStore(std::vector<std::unique_ptr<TokenStore>> stores);

  /// The names of all stores that work.
  std::string name() const override;
  /// Checks every store; never throws.
  void check() override;
  /// The secret from the first store that has it.
  Lookup find(const StoreKey&);
  std::optional<base::Secret> load(const StoreKey& key) override { return find(key).secret; }
  /// Saves in every store that works, else for the rest of this process; never throws `keyring`. A store that
  /// cannot save it drops the old secret.
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  /// Erases from every store. Throws `keyring` at the end when a store that may hold it has failed.
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

  /// The names of all stores that have a secret with this key; empty when only this process remembers it.
  std::vector<std::string> stores_of(const StoreKey&);

  /// A store, and whether it works.
  struct State {
    std::string name;
    std::string failure;  ///< why it is not used; empty when it has not failed
    std::string hint;
  };
  /// The state of each store so far, in their order.
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
  std::map<StoreKey, base::Secret> unsaved_;  ///< what no store could save
};

/// Which stores may be used.
struct AllowedStores {
  bool kernel_keyring = true;
  bool secret_service = true;
};

/// The stores of one process.
struct Stores {
  /// Registry tokens by host, for the next `get`: the kernel keyring.
  std::unique_ptr<TieredStore> ready;
  /// Sessions, registry tokens by login, and stored credentials: the kernel keyring, which answers in
  /// microseconds, and the Secret Service, which survives a reboot.
  std::unique_ptr<TieredStore> credentials;
};

/// Opens nothing yet.
Stores open_stores(const AllowedStores&, const base::Environment&, base::Clock&);

}  // namespace token
