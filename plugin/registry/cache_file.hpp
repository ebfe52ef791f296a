// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/environment.hpp"
#include "base/json.hpp"

namespace plugin::registry {

/// What is cached for this user about images, with nothing secret in it: a small JSON file below
/// `XDG_CACHE_HOME`, else `~/.cache`. A file that cannot be read counts as empty, and failed writes are
/// ignored.
class CacheFile {
public:
  CacheFile(const base::Environment&, const std::string& name);

  /// The whole content; an empty object for none.
  base::Json read() const;
  void write(const base::Json&) const;

private:
  std::filesystem::path file_;
};

/// Counts the uses of a cache: the number that its newest entry has in `used`, and one more. Entries that are
/// written now get it.
std::int64_t next_use(const base::Json& entries);
/// Removes the entries that were used longest ago, until there are `max`. One without `used` is the oldest.
void keep_newest(base::Json& entries, std::size_t max);

}  // namespace plugin::registry
