// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"

namespace project_file {

/// What a template works with. Numbers and constants are no text, which functions insist on.
struct Value {
  std::string text;
  bool is_text = true;
};

/// Whether templates can call `fn.<name>`.
bool is_function(std::string_view name);

/// Calls `fn.<name>` (`snowflake/PROTOCOL.md` 10.6). `get_username` looks into the environment. Throws
/// `config` in the Snowflake CLI's words when the arguments are not what it takes.
Value call_function(std::string_view name, const std::vector<Value>& arguments, const base::Environment&);

}  // namespace project_file
