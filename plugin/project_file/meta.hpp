// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project_file/tree.hpp"

namespace project_file {

/// The key `meta` of an entity, which stands at `path`. What it says of scripts and roles is for other types;
/// it has to be right all the same, as in the Snowflake CLI. Throws `config` in its words.
void check_meta(const Node& meta, const std::string& path);

}  // namespace project_file
