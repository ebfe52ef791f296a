// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "token/token_store.hpp"

namespace token {

/// The desktop's keyring (GNOME Keyring, KWallet, KeePassXC), by way of the freedesktop Secret Service.
///
/// All secrets of a user of an account are in one item, which the user can see by its label and delete. The
/// user is never prompted: a locked keyring is an error. Callers of `save` hold the login lock; without it,
/// two of them could lose an entry, and the next `get` would fetch a new token.
class SecretServiceStore final : public TokenStore {
public:
  SecretServiceStore(const base::Environment&, base::Clock&);
  ~SecretServiceStore() override;

  std::string name() const override { return "Secret Service"; }
  void check() override;
  std::optional<base::Secret> load(const StoreKey&) override;
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

private:
  class Items;
  Items& items();

  const base::Environment& environment_;
  base::Clock& clock_;
  std::unique_ptr<Items> items_;
};

}  // namespace token
