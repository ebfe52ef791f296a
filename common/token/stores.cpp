// SPDX-License-Identifier: Apache-2.0
#include "token/stores.hpp"

#include "token/stores/keyring_store.hpp"
#include "token/stores/secret_service_store.hpp"

namespace token {

Stores open_stores(const StorePlan& plan, const base::Environment& environment, base::Clock& clock) {
  std::vector<std::unique_ptr<TokenStore>> ready;
  std::vector<std::unique_ptr<TokenStore>> credentials;
  if (plan.kernel_keyring) ready.push_back(std::make_unique<KeyringStore>(clock));
  if (plan.kernel_keyring) credentials.push_back(std::make_unique<KeyringStore>(clock));
  if (plan.secret_service) credentials.push_back(std::make_unique<SecretServiceStore>(environment, clock));
  return {std::make_unique<TieredStore>(std::move(ready)),
          std::make_unique<TieredStore>(std::move(credentials))};
}

}  // namespace token
