// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"

/// Operations on this user's kernel keyring (keyctl(2)). They are system calls without libkeyutils, since
/// loading that library takes longer than looking up a key. All throw `keyring` when the kernel refuses; a
/// key that is missing, expired or revoked is absent.
namespace token::keyctl {

std::optional<base::Secret> read(const std::string& description);

/// Adds a key, or replaces the one with this description atomically. It expires after `timeout` seconds.
/// Every process of this user can read it, also one whose session keyring does not link to the user keyring,
/// so that it does not "possess" the key (sudo, cron, some SSH servers). Other users have no access.
void put(const std::string& description, const base::Secret& payload, std::uint32_t timeout);

/// False when there was no such key.
bool remove(const std::string& description);

/// The descriptions that begin with `prefix` of all keys of type "user".
std::vector<std::string> list(const std::string& prefix);

}  // namespace token::keyctl
