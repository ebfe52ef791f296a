// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file_change.hpp"
#include "base/json.hpp"

namespace helper {

/// A file before the installation changed it.
struct FileRecord {
  bool existed = false;
  base::FileOwnership ownership;
  std::vector<std::string> after;        ///< fingerprints of what was installed there, the latest last
  std::filesystem::path made_directory;  ///< the outermost directory created for it; empty when there is none

  /// The file as it is now, before `content` is installed there. Creates missing directories. Throws
  /// `config`.
  static FileRecord of(const std::filesystem::path&, const std::string& content);
  /// Missing and malformed members count as empty.
  static FileRecord from_json(const base::Json&);
  /// The record as `from_json` reads it.
  base::Json to_json() const;

  /// Whether `content` was installed there.
  bool was_replaced_by(const std::string& content) const;
  /// This record, with the directory of an earlier one if it has none: undo must also remove what an earlier
  /// installation created.
  FileRecord with_made_directory_of(const std::optional<FileRecord>& earlier) const;
  /// Removes the directories that were created for the file `path`, if they are empty.
  void remove_made_directories(const std::filesystem::path& path) const;
};

/// What `kubelet-undo` restores, in a file next to the kubelet's configuration.
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
