// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "project_file/tree.hpp"

namespace plugin::project_file {

/// What `--env KEY=VALUE` gave.
using Overrides = std::map<std::string, std::string, std::less<>>;

/// Fills in every `<% ... %>` of a project file, as the Snowflake CLI does: dotted names, text, numbers, and
/// calls of its functions (`snowflake/PROTOCOL.md` 10.3). `ctx.env.X` is looked up among the overrides, then
/// in the process's variables, then below `env`; other names below `ctx` are those of the file itself, whose
/// values may be templates again. Throws `config` with file and line: a name without a value, a cycle, and
/// filters and operators, which only the Snowflake CLI has.
void fill_in_templates(Node& root, const Overrides&, const base::Environment&);

/// A dotted name in a template: `ctx.env.X` has three parts.
using Name = std::vector<std::string>;
/// The value of an expression in a template. Functions accept only text, not numbers or constants.
struct Value {
  std::string text;
  bool is_text = true;
};

/// Whether that is one of the functions `fn.<name>` that templates may call (`snowflake/PROTOCOL.md` 10.6).
bool is_function(const Name&);
/// Calls that function. Throws `config`, with the location of the node `at`, for arguments that it does not
/// accept.
std::string call_function(const Name&, const std::vector<Value>& arguments, const base::Environment&,
                          const Node& at);

}  // namespace plugin::project_file
