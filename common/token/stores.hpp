// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "token/stores/tiered_store.hpp"

namespace token {

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
