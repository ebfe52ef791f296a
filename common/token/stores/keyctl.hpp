// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"

/// The operations of the Linux kernel's key facility in use (keyctl(2)), on the keyring of this user. System
/// calls without libkeyutils: to load that library would cost more than to look up a key. All throw `keyring`
/// when the kernel refuses; a key that is missing, expired or revoked is absent.
namespace token::keyctl {

std::optional<base::Secret> read(const std::string& description);

/// Puts a key in the place of any other with this description, at once. It goes after `timeout` seconds.
/// Every process of this user can read it, also one whose session keyring does not lead to the user's keyring
/// and so does not "possess" the key (sudo, cron, some SSH servers); no other user can do anything with it.
void put(const std::string& description, const base::Secret& payload, std::uint32_t timeout);

/// False when there was none.
bool remove(const std::string& description);

/// The descriptions of all keys of the type "user" that begin with `prefix`.
std::vector<std::string> list(const std::string& prefix);

}  // namespace token::keyctl
