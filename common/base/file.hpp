// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
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

/// Whose a file is, and who may do what with it. As for chown(2), -1 is whoever writes.
struct FileOwnership {
  unsigned mode = 0600;
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);

  /// Absent when there is no such file. Links are followed.
  static std::optional<FileOwnership> of(const std::filesystem::path& path);
};

/// As `write_file` for a file of somebody else's making, which stays theirs. `still_right` is asked when all
/// is ready but the renaming: if it says no, nothing is changed and this returns false. Throws `config`, also
/// when the new file cannot be given to the owner of the old one.
bool replace_file(const std::filesystem::path& path, std::string_view content, const FileOwnership&,
                  const std::function<bool()>& still_right);

}  // namespace base
