// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "project_file/tree.hpp"

namespace plugin::project_file {

/// Reads the one document of a YAML file; an empty file is an empty mapping. Absent when there is no such
/// file. Throws `config` with file and line: not YAML, not text, a second document, a key that occurs twice,
/// more than a project can need.
std::optional<Node> read_yaml(const std::filesystem::path& file);

/// How many bytes of `text` are UTF-8 and characters that YAML allows (YAML 1.1, 5.1).
std::size_t length_of_yaml_text(std::string_view text);

/// The word for null that `text` begins with: `~`, `null` and its spellings (YAML 1.1, null type); empty when
/// it begins with none, or with a key of that name where no key is due.
std::string_view null_at(std::string_view text, bool at_key);

}  // namespace plugin::project_file
