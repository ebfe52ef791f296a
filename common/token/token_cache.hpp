// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "docker/registry_host.hpp"
#include "token/registry_token.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_store.hpp"

namespace token {

/// The key of the token that is ready for a registry host.
StoreKey ready_key(const docker::RegistryHost&);

/// A registry token that can be returned at once: it is fresh, and the configuration has not changed since.
/// This is all that a cached `get` does; it opens no file and takes no lock. A store that fails counts as
/// empty.
std::optional<RegistryToken> find_ready_token(const docker::RegistryHost&,
                                              const std::string& config_fingerprint, TokenStore& ready,
                                              base::TimePoint now);

/// The registry tokens of this user in every store: by host, where the next `get` finds them without reading
/// any file, and by login, next to the session that they came from.
class TokenCache {
public:
  explicit TokenCache(Stores& stores) : stores_(stores) {}

  /// The token of a login, fresh or not.
  std::optional<RegistryToken> find(const StoreKey& login) const;
  /// Also sets `login` in the token.
  void save(const StoreKey& login, RegistryToken&) const;
  /// Makes the token ready for the next `get` of the host.
  void make_ready(const docker::RegistryHost&, const RegistryToken&) const;
  /// Erases the token of a login, also where it is ready for a host. Throws `keyring` when a store that may
  /// hold it fails; it has been erased from all others then.
  void forget(const StoreKey& login) const;
  /// Erases the token that is ready for a host. Throws like the other overload.
  void forget(const docker::RegistryHost& host) const { stores_.ready->erase(ready_key(host)); }

private:
  Stores& stores_;
};

}  // namespace token
