// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace token {

/// Names one kept secret: what it is, and whose. What one person keeps for one Snowflake account shares
/// `host` and `user`, so a store may put it into one item that the person can see and delete.
struct StoreKey {
  std::string kind;    ///< "session", "registry-token", ...
  std::string host;    ///< of the account, or of the registry
  std::string user;    ///< login name, upper case; empty where a token alone says who somebody is
  std::string detail;  ///< what else tells two of one kind apart, such as the role

  auto operator<=>(const StoreKey&) const = default;
};

/// Where secrets rest between two runs. That there is none is an answer; a place that does not work throws
/// `keyring`. No function asks the person anything, and none takes longer than two seconds.
class TokenStore {
public:
  virtual ~TokenStore() = default;
  /// What a person calls the place: "kernel keyring", "Secret Service".
  virtual std::string name() const = 0;
  /// Throws when the place would not take a secret now.
  virtual void check() = 0;
  virtual std::optional<base::Secret> load(const StoreKey&) = 0;
  /// Replaces what was there. A store may forget the secret at `expires_at`, and need not keep it until then.
  virtual void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) = 0;
  /// False when there was none.
  virtual bool erase(const StoreKey&) = 0;
  /// The keys of everything that this project keeps there.
  virtual std::vector<StoreKey> keys() = 0;
};

}  // namespace token
