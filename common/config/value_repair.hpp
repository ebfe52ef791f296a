// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "config/connection.hpp"

namespace config {

/// Sets a value as it was meant, where it can have only one meaning: without white space, a byte order mark
/// or quotes around it; an account without the scheme, path, port and domain of a URL, also that of Snowsight
/// or of the registry; a host without scheme and path, its port as `port`. Passwords and keys are not
/// changed. `key` may be an alias. `origin` is where the value was set, for messages: `<file>:<line>`, a
/// variable or an option.
void set_value(Connection&, std::string_view key, const base::Secret& value, std::string origin);

/// Without white space and characters that cannot be seen at both ends.
std::string_view without_blanks(std::string_view text);
/// Whether a text has characters other than ASCII white space that cannot be seen.
bool has_invisible(std::string_view text);

/// What is unusual about a password that Snowflake has refused, as a next step: a space or quotes around it.
/// Empty when nothing is.
std::string next_step_for_password(std::string_view password);

}  // namespace config
