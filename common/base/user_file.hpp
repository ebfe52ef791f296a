// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/file_change.hpp"

namespace base {

/// A configuration file of a user, as it is now. Other programs may change it at any time.
struct UserFile {
  std::filesystem::path path;       ///< as the programs name it
  std::filesystem::path target;     ///< where its links lead, whether or not there is a file
  std::optional<std::string> text;  ///< absent when there is no file
  FileOwnership ownership = {};

  /// Throws `config` when it exists and cannot be read, when it is a directory, when its links form a loop,
  /// and for root also when a link belongs to another user, who could make root write anywhere.
  static UserFile read(const std::filesystem::path& path);

  /// Reads a file and calls `try_change`, which replaces or removes it, until that returns true: no other
  /// program has written in between. Throws `config` after five attempts.
  static void change(const std::filesystem::path& path,
                     const std::function<bool(const UserFile&)>& try_change);

  /// Throws `config` unless the file may be changed: it is not write-protected, and its directory can be
  /// written to.
  void require_writable() const;
  /// Writes `text` to the file, unless that has changed since it was read: then this does nothing and returns
  /// false. Missing directories are created, for their owner alone. Root acts as the owner of the directory,
  /// so that a user's files stay the user's. Throws `config`, also as `require_writable`.
  [[nodiscard]] bool replace(const std::string& text) const;
  /// Removes the file under the same conditions.
  [[nodiscard]] bool remove() const;

  /// The path of the backup, next to the file.
  std::filesystem::path backup() const;
  /// Writes `text`, the original content without secrets, to the backup, for its owner alone, unless there is
  /// one or `text` is empty.
  void back_up(const std::string& text) const;
};

}  // namespace base
