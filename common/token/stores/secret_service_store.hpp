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
/// All secrets of one user at one account are one item, which the user sees by its label and may delete. The
/// user is never asked anything: a locked keyring is one that fails. Callers that save hold the lock of that
/// login; two that do not can lose one of their entries, which costs a new token.
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
