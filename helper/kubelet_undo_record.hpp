// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file_change.hpp"
#include "base/json.hpp"

namespace helper {

/// What one file was before it was installed.
struct FileRecord {
  bool existed = false;
  base::FileOwnership ownership;
  std::vector<std::string> after;  ///< fingerprints of what was put there, the last one at the end
  std::filesystem::path
      made_directory;  ///< the outermost directory that was made for it; empty when there is none

  /// The file as it is now, before `content` is put there. Makes the missing directories. Throws `config`.
  static FileRecord of(const std::filesystem::path&, const std::string& content);
  static FileRecord from_json(const base::Json&);
  base::Json to_json() const;

  /// Whether `content` was put there.
  bool is_followed_by(const std::string& content) const;
  /// This record with the directory of the earlier one, if it has none: what an earlier installation made
  /// must be removed in the end, too.
  FileRecord with_made_directory_of(const std::optional<FileRecord>& earlier) const;
  /// Removes the directories that were made for the file `path`, as far as they are empty.
  void remove_made_directories(const std::filesystem::path& path) const;
};

/// What `kubelet-undo` needs to know, in a file next to the kubelet's configuration.
struct UndoRecord {
  std::optional<FileRecord> config;   ///< absent when the file was not changed
  std::optional<FileRecord> program;  ///< the same
  bool needs_restart = false;         ///< the kubelet was not restarted since the last change

  /// Empty when there is no such file.
  static UndoRecord read(const std::filesystem::path& file);
  /// Throws `config`.
  void write(const std::filesystem::path& file) const;
  bool is_empty() const { return !config && !program; }
};

/// A hash of a file's content.
std::string fingerprint(const std::string& content);

}  // namespace helper
