// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "base/environment.hpp"
#include "docker_config/change.hpp"

namespace docker_config {

/// Every change that was made and not yet taken back, the first one first:
/// `docker-snowflake/setup.json` in the folder for state.
class UndoRecord {
public:
  /// Throws `config` when it cannot be read or understood.
  static UndoRecord read(const base::Environment&);

  std::vector<Change> changes;
  const std::filesystem::path& file() const noexcept { return file_; }
  /// Without changes the file goes away. Throws `config`.
  void write() const;

private:
  std::filesystem::path file_;
};

}  // namespace docker_config
