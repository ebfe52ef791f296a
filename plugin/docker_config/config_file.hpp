// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/file.hpp"

namespace docker_config {

/// A file of settings as it is now.
struct ConfigFile {
  std::filesystem::path path;       ///< as the programs name it
  std::filesystem::path target;     ///< where the links lead, whether there is anything or not
  std::optional<std::string> text;  ///< absent when there is no file
  base::FileOwnership ownership = {};

  /// Throws `config` when it is there and cannot be read, as a folder, or links lead in a circle.
  static ConfigFile read(const std::filesystem::path& path);
};

/// Throws `config` unless the file may be changed: it is not write protected, and a new one can stand in its
/// place.
void require_writable(const ConfigFile& file);

/// Writes `text` where `file` is, unless that is not as `file` has it any more: then nothing is changed and
/// this returns false. Folders that are missing are made, for their owner alone. Throws `config`, also as
/// `require_writable`.
bool replace(const ConfigFile& file, const std::string& text);
/// The same for taking it away.
bool remove(const ConfigFile& file);

/// Where the text is kept that `file` had at first, without its secrets: beside it.
std::filesystem::path backup_of(const ConfigFile& file);

}  // namespace docker_config
