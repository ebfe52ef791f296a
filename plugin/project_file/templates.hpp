// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/environment.hpp"
#include "project_file/tree.hpp"

namespace project_file {

/// What `--env KEY=VALUE` gave.
using Overrides = std::map<std::string, std::string, std::less<>>;

/// Fills in every `<% … %>` of a project file (`snowflake/PROTOCOL.md` 10.6). `ctx.env.X` is looked for among
/// the overrides, then in the process's variables, then below `env`; other names below `ctx` lead into the
/// file itself; `fn.` has the functions of the Snowflake CLI. What the file says may hold templates again.
/// Throws `config` with file and line: a name that leads nowhere, a circle, filters, which only the Snowflake
/// CLI has.
void fill_in_templates(Node& root, const Overrides&, const base::Environment&);

}  // namespace project_file
