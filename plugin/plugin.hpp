// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "context.hpp"

namespace plugin {

/// What Docker wants to know about a plugin (`docker/PROTOCOL.md` 2.2), one line of JSON.
std::string metadata();

/// Runs one command line; `arguments` is what follows the program's name. Returns the exit status: 0, or 2
/// when the command line is wrong, as the Snowflake CLI has it. Throws `base::Error`.
int run(const std::vector<std::string>& arguments, Context&);

/// Says what went wrong and what to do next. Returns the exit status: 2 for a wrong command line, 5 for a
/// statement that Snowflake refused if that is asked for (`snowflake/PROTOCOL.md` 10.5), else 1.
int report(const base::Error&, bool enhanced_exit_codes, std::ostream& err);

}  // namespace plugin
