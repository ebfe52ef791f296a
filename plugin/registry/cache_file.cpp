// SPDX-License-Identifier: Apache-2.0
#include "registry/cache_file.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"

namespace plugin::registry {
namespace {

/// A file may hold any number: one that cannot be incremented counts as 0.
std::int64_t use_of(const base::Json& entry) {
  const auto use = base::whole_number_at(entry, "used").value_or(0);
  return use < 0 || use > (std::int64_t{1} << 53) ? 0 : use;
}

}  // namespace

CacheFile::CacheFile(const base::Environment& environment, const std::string& name)
    : file_(environment.cache_file(name)) {}

base::Json CacheFile::read() const {
  try {
    auto json = base::parse_json(base::read_file(file_).value_or("")).value_or(base::Json{});
    if (json.is_object()) return json;
  } catch (const base::Error&) {
    // Not readable by this user.
  }
  return base::Json::object();
}

void CacheFile::write(const base::Json& json) const {
  if (file_.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(file_.parent_path(), failure);
  try {
    base::write_file(file_, base::dump_json(json));
  } catch (const base::Error&) {
    // A read-only home directory or a full disk.
  }
}

std::int64_t next_use(const base::Json& entries) {
  std::int64_t last = 0;
  for (const auto& [key, entry] : entries.items()) last = std::max(last, use_of(entry));
  return last + 1;
}

void keep_newest(base::Json& entries, std::size_t max) {
  if (entries.size() <= max) return;
  std::vector<std::pair<std::int64_t, std::string>> by_use;
  for (const auto& [key, entry] : entries.items()) by_use.emplace_back(use_of(entry), key);
  std::ranges::sort(by_use);
  by_use.resize(entries.size() - max);
  for (const auto& [use, key] : by_use) entries.erase(key);
}

}  // namespace plugin::registry
