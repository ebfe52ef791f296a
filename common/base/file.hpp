// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// The whole file; absent when there is none. Throws `config` when it is there and cannot be read, is a
/// folder, or is larger than `most` bytes: the files of this project are small.
std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t most = 16U << 20);

/// Writes `content` to a new file beside `path` with `mode` and renames it over `path`, so that whoever reads
/// sees the old file or the new one, whole. Throws `config`.
void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600);

}  // namespace base
