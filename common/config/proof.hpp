// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace config {

/// Whether what a connection has under `key` proves who somebody is: a password, a passcode, a token.
bool is_secret_key(std::string_view key);

}  // namespace config
