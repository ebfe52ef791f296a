// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/environment.hpp"
#include "project_file/tree.hpp"

namespace plugin::project_file {

/// What `--env KEY=VALUE` gave.
using Overrides = std::map<std::string, std::string, std::less<>>;

/// Fills in every `<% ... %>` of a project file, as the Snowflake CLI does: dotted names, text, numbers, and
/// calls of its functions (`snowflake/PROTOCOL.md` 10.3). `ctx.env.X` is looked up among the overrides, then
/// in the process's variables, then below `env`; other names below `ctx` lead into the file itself, whose
/// values may be templates again. Throws `config` with file and line: a name that leads nowhere, a cycle, and
/// filters and operators, which only the Snowflake CLI has.
void fill_in_templates(Node& root, const Overrides&, const base::Environment&);

}  // namespace plugin::project_file
