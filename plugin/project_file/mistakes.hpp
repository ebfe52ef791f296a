// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project_file/tree.hpp"

namespace project_file {

// The sentences of the Snowflake CLI about a project file (`snowflake/PROTOCOL.md` 10.6). All throw `config`,
// and say first in which file and line.

[[noreturn]] void fail(const std::string& place, const std::string& what, const std::string& hint);

/// A value that is of no use. `path`: `entities.repo.meta`, say.
[[noreturn]] void refuse(const Node& value, const std::string& path, const std::string& cause,
                         const std::string& hint);

[[noreturn]] void refuse_missing(const std::string& place, const std::string& path, const std::string& hint);

void require_text(const Node& value, const std::string& path, const std::string& hint);
void require_list(const Node& value, const std::string& path, const std::string& hint);
/// `kind`: what may stand there besides a mapping, in the program that first wrote these sentences.
void require_mapping(const Node& value, const std::string& path, const std::string& hint,
                     const std::string& kind = "");
/// Refuses keys that are not `allowed`. `path` ends in a point unless it is empty.
void check_keys(const Node& mapping, const std::string& path, const std::vector<std::string>& allowed);

/// A value as such sentences show it.
std::string shown(const Node& value);

}  // namespace project_file
