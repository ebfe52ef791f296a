// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "docker/registry.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_store.hpp"

namespace token {

/// The user name that makes Snowflake's registry read the password as a session token
/// (`snowflake/PROTOCOL.md` 8.1).
inline constexpr std::string_view session_token_user = "0sessiontoken";

/// The kind of registry tokens in stores.
inline constexpr const char* registry_token_kind = "registry-token";

/// A session token that Snowflake issued for its registry, with its lifetime by this machine's clock.
struct RegistryToken {
  base::Secret value;
  base::TimePoint issued_at;
  base::TimePoint expires_at;
  std::string connection;          ///< name of the connection that logged in
  std::string config_fingerprint;  ///< of the files and variables that selected the connection
  std::string login = {};          ///< identifies the login that it belongs to; set by `TokenCache::save`
  std::string username = {};       ///< for the registry; empty for a session token

  /// Whether it has not expired. False when the clock was set back to before `issued_at`.
  bool valid_at(base::TimePoint now) const;
  /// Whether at least half of its lifetime is left, enough for a long push: Docker asks once, and uses the
  /// answer for the whole upload.
  bool fresh_at(base::TimePoint now) const;

  /// The credential for a registry client: `0sessiontoken` and `{"token":…,"expires_in":…}`, in seconds from
  /// `now`. A token with a `username` is the password itself.
  docker::Credential credential_for(std::string server_url, base::TimePoint now) const;

  /// The token as a store saves it.
  base::Secret to_record() const;
  /// Absent when this version cannot read `record`.
  static std::optional<RegistryToken> from_record(const base::Secret& record);
};

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
  /// Erases the token of a login, including the copies that are ready for hosts. Throws `keyring` when a
  /// store that may hold it fails; it has been erased from all others by then.
  void forget(const StoreKey& login) const;
  /// Erases the token that is ready for a host. Throws like the other overload.
  void forget(const docker::RegistryHost& host) const { stores_.ready->erase(ready_key(host)); }
  /// Erases the tokens of all logins of a user at an account that are ready for hosts. Throws `keyring`.
  void forget_ready_of(const StoreKey& owner) const;

private:
  void forget_ready(const std::string& begin_of_login) const;

  Stores& stores_;
};

}  // namespace token
