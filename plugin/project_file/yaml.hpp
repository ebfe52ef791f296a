// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "project_file/tree.hpp"

namespace project_file {

/// Reads the one document of a YAML file; an empty file is an empty mapping. Absent when there is no such
/// file. Throws `config` with file and line: not YAML, not text, a second document, a key that comes twice,
/// more than a project can need.
std::optional<Node> read_yaml(const std::filesystem::path& file);

}  // namespace project_file
