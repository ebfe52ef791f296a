// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project_file/tree.hpp"

namespace project_file {

inline constexpr const char* our_type = "image-repository";

/// The version, the keys at the top, `env`, `mixins`, and the type of every entity. `file` is for what is
/// missing. Throws `config` in the words of the Snowflake CLI (`snowflake/PROTOCOL.md` 10.6), with the place.
void check_project(const Node& root, const std::string& file);

/// One entity of our type, with its mixins. `entities` are those that it may depend on. Throws as above.
void check_repository(const std::string& id, const Node& entity, const Node& entities);

/// Whether an entity of our type may have this key.
bool is_key_of_repository(std::string_view key);

}  // namespace project_file
