// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"

namespace plugin::project_file {

/// The value of an expression in a template. Functions accept only text, not numbers or constants.
struct Value {
  std::string text;
  bool is_text = true;
};

using Arguments = std::vector<Value>;

/// A function that templates may call as `fn.<name>` (`snowflake/PROTOCOL.md` 10.6).
struct Function {
  std::string_view name;
  std::string (*call)(const Arguments&, const base::Environment&);
  std::size_t min_arguments;
  std::size_t max_arguments;
};

/// The function that the parts of a name choose; null for other names.
const Function* function_of(const std::vector<std::string>& name);

}  // namespace plugin::project_file
