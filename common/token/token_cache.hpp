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

/// The key under which the token of a registry host is ready for the next `get`.
StoreKey ready_key(const docker::RegistryHost&);

/// A registry token that is ready to be handed out: fresh, and made with the same files and variables as
/// there are now. This is the whole of a cached `get`; it opens no file and takes no lock. A store that fails
/// counts as empty: the way without it is longer, and no worse.
std::optional<RegistryToken> find_ready_token(const docker::RegistryHost&,
                                              const std::string& config_fingerprint, TokenStore& ready,
                                              base::TimePoint now);

/// The registry tokens of this user in every store: by host, where the next `get` finds them without reading
/// a file, and by login, beside the session that they came from.
class TokenCache {
public:
  explicit TokenCache(Stores& stores) : stores_(stores) {}

  /// The token of a login, however old.
  std::optional<RegistryToken> find(const StoreKey& login) const;
  /// Notes in the token which login it is of.
  void save(const StoreKey& login, RegistryToken&) const;
  /// Lets the next `get` for the host find the token.
  void make_ready(const docker::RegistryHost&, const RegistryToken&) const;
  /// Drops the token of a login, also where it is ready for a host. Throws `keyring` when a store that may
  /// hold it fails; then every other store has dropped it all the same.
  void forget(const StoreKey& login) const;
  /// Drops the token that is ready for a host. Throws as above.
  void forget(const docker::RegistryHost& host) const { stores_.ready->erase(ready_key(host)); }

private:
  Stores& stores_;
};

}  // namespace token
