// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "token/token_store.hpp"

namespace token {

/// This user's keyring in the Linux kernel: in memory only, and lost at reboot. The kernel deletes expired
/// keys. Works on desktops, over SSH and in WSL; container runtimes forbid it by default.
class KeyringStore final : public TokenStore {
public:
  explicit KeyringStore(base::Clock& clock) : clock_(clock) {}
  std::string name() const override { return "kernel keyring"; }
  void check() override { keys(); }
  std::optional<base::Secret> load(const StoreKey&) override;
  void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) override;
  bool erase(const StoreKey&) override;
  std::vector<StoreKey> keys() override;

private:
  base::Clock& clock_;
};

}  // namespace token
