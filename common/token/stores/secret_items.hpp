// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/secret.hpp"

namespace token {

/// This project's items in the freedesktop Secret Service of this session. The user is never prompted. All
/// functions throw `keyring`; each call to the service takes two seconds at most.
class SecretItems {
public:
  /// Connects. Throws `StoreMissing` when there is no D-Bus, or no Secret Service on it.
  explicit SecretItems(const base::Environment&);
  ~SecretItems();
  SecretItems(const SecretItems&) = delete;
  SecretItems& operator=(const SecretItems&) = delete;

  /// The user and host whose secrets an item holds.
  struct Owner {
    std::string host;
    std::string user;
  };
  /// Throws when the default collection is locked, or there is none.
  void check() const;
  /// Absent when there is no such item. Throws when it is locked.
  std::optional<base::Secret> load(const Owner&) const;
  /// Creates or replaces the item. Throws when the default collection is locked, or there is none.
  void save(const Owner&, const base::Secret&) const;
  /// Does nothing when there is no such item.
  void erase(const Owner&) const;
  /// The owners of all items.
  std::vector<Owner> owners() const;

private:
  struct Service;
  std::unique_ptr<Service> service_;
};

}  // namespace token
