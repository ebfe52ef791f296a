// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

namespace token {

/// Names one stored secret: what it is, and whose. What one user has for one Snowflake account shares `host`
/// and `user`, so a store may put it into one item that the user can see and delete.
struct StoreKey {
  std::string kind;    ///< "session", "registry-token", ...
  std::string host;    ///< of the account, or of the registry
  std::string user;    ///< login name, upper case; empty where a token alone says who logs in
  std::string detail;  ///< what else tells two of one kind apart, such as the role

  auto operator<=>(const StoreKey&) const = default;
};

/// There is no such store for this process, so it cannot hold anything: a container without keyrings, a
/// session without a desktop. Every other `keyring` error means that a store may hold a secret all the same.
class StoreMissing : public base::Error {
public:
  explicit StoreMissing(const std::string& message, std::string hint)
      : Error(base::Kind::keyring, message, std::move(hint)) {}
};

/// Holds secrets between two runs. A value and its absence are answers; a store that fails throws `keyring`,
/// `StoreMissing` when there is none. No function asks the user anything, and none takes longer than two
/// seconds.
class TokenStore {
public:
  virtual ~TokenStore() = default;
  /// For messages: "kernel keyring", "Secret Service".
  virtual std::string name() const = 0;
  /// Throws when the store would not take a secret now.
  virtual void check() = 0;
  virtual std::optional<base::Secret> load(const StoreKey&) = 0;
  /// Replaces what was there in one step. A store may drop the secret at `expires_at`, or before.
  virtual void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) = 0;
  /// False when there was none.
  virtual bool erase(const StoreKey&) = 0;
  /// The keys of everything that this project has there.
  virtual std::vector<StoreKey> keys() = 0;
};

}  // namespace token
