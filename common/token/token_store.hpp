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

/// The key of a stored secret. All secrets of a user of a Snowflake account share `host` and `user`, so a
/// store may save them in one item that the user can see and delete.
struct StoreKey {
  std::string kind;    ///< "session", "registry-token", ...
  std::string host;    ///< of the account, or of the registry
  std::string user;    ///< login name, upper case; empty where a token alone identifies the user
  std::string detail;  ///< whatever else distinguishes secrets of one kind, such as the role

  auto operator<=>(const StoreKey&) const = default;
};

/// Small corrections of the clock (NTP) do not count as a step back.
inline constexpr std::chrono::seconds clock_slack{30};

/// The store does not exist here, so it cannot hold anything: a container without keyrings, or a session
/// without a desktop. After any other `keyring` error, the store may still hold a secret.
class StoreMissing : public base::Error {
public:
  StoreMissing(const std::string& message, base::NextStep next)
      : Error(base::Kind::keyring, message, std::move(next)) {}
};

/// Stores secrets between runs. A store that fails throws `keyring`, or `StoreMissing` when it does not
/// exist. No function prompts the user, and none takes longer than two seconds.
class TokenStore {
public:
  virtual ~TokenStore() = default;
  /// For messages: "kernel keyring", "Secret Service".
  virtual std::string name() const = 0;
  /// Throws when the store cannot save a secret now.
  virtual void check() = 0;
  /// Absent when there is none, or it has expired.
  virtual std::optional<base::Secret> load(const StoreKey&) = 0;
  /// Replaces an existing secret atomically. A store may drop the secret at `expires_at`, or earlier.
  virtual void save(const StoreKey&, const base::Secret&, base::TimePoint expires_at) = 0;
  /// False when there was none.
  virtual bool erase(const StoreKey&) = 0;
  /// The keys of all secrets of this project.
  virtual std::vector<StoreKey> keys() = 0;
};

}  // namespace token
