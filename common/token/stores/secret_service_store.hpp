// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "token/stores/secret_items.hpp"
#include "token/token_store.hpp"

namespace token {

/// The keyring of the desktop (GNOME Keyring, KWallet, KeePassXC) through the freedesktop Secret Service.
///
/// Everything that is kept of one user at one account is one item, which the person sees by its label and may
/// delete. Nobody is ever asked anything: a locked keyring counts as one that does not work. Whoever saves
/// holds the lock of that sign-in; two who do not can lose one of their entries, which costs a new token.
class SecretServiceStore final : public TokenStore {
public:
  SecretServiceStore(const base::Environment& environment, base::Clock& clock)
      : environment_(environment), clock_(clock) {}

  std::string name() const override { return "Secret Service"; }
  void check() override { items().check(); }
  std::optional<base::Secret> load(const StoreKey&) override;
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

private:
  SecretItems& items();

  const base::Environment& environment_;
  base::Clock& clock_;
  std::unique_ptr<SecretItems> items_;
};

}  // namespace token
