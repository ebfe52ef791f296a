// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/environment.hpp"
#include "base/json.hpp"

namespace plugin::registry {

/// A small JSON file that caches facts about images for this user, below `XDG_CACHE_HOME`, else `~/.cache`.
/// It has no secrets. A file that cannot be read counts as empty, and failed writes are ignored.
class CacheFile {
public:
  CacheFile(const base::Environment&, const std::string& name);

  /// The whole content, or an empty object.
  base::Json read() const;
  void write(const base::Json&) const;

private:
  std::filesystem::path file_;
};

/// The value of `used` for the entries that are written now: one more than the newest entry has.
std::int64_t next_use(const base::Json& entries);
/// Removes the least recently used entries, until there are `max`. One without `used` is the oldest.
void keep_newest(base::Json& entries, std::size_t max);

}  // namespace plugin::registry
