// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "config/connection.hpp"

namespace config {

/// Sets a value, and repairs it where only one meaning is possible. Removes white space, a byte order mark
/// and quotes around it; from an account the scheme, path, port and domain of a URL, including those of
/// Snowsight and of the registry; from a host the scheme, path and port, which becomes `port`. Passwords,
/// private keys and free text are not changed. `key` may be an alias. `origin` is where the value was set,
/// for messages: `<file>:<line>`, a variable or an option.
void set_value(Connection&, std::string_view key, const base::Secret& value, std::string origin);

/// The domain in the address of an account, its registry or Snowsight, such as `.snowflakecomputing.cn`, if
/// the account alone does not determine it. Empty for `.snowflakecomputing.com`, and without a domain.
std::string_view unusual_domain_of(std::string_view address);

/// What Snowsight's host has in front of an account over private connectivity:
/// `app-<organization>-<account>.privatelink`. Empty for other hosts.
std::string_view prefix_of_snowsight(std::string_view host);

/// Without leading and trailing white space and invisible characters.
std::string_view without_blanks(std::string_view text);
/// Whether a text has invisible characters other than ASCII white space.
bool has_invisible(std::string_view text);

/// The next step for a refused password that looks wrong, such as one with a space or quotes around it. Empty
/// for any other password.
std::string next_step_for_password(std::string_view password);

}  // namespace config
