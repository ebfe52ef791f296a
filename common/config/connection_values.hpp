// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.hpp"
#include "config/connection.hpp"

namespace config {

/// Judges what a connection says by what it can mean, before any of it is sent. Throws `config` for what
/// cannot be right: a reference such as ${NAME} that nothing expands, or a password or passcode with a line
/// end or another control character. Nothing of a value that may be a secret is in the message.
void check_values(const Connection&, const base::Environment&);

}  // namespace config
