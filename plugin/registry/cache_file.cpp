// SPDX-License-Identifier: Apache-2.0
#include "registry/cache_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace plugin::registry {

CacheFile::CacheFile(const base::Environment& environment, const std::string& name)
    : file_(environment.cache_file(name)) {}

base::Json CacheFile::read() const {
  try {
    auto json = base::parse_json(base::read_file(file_).value_or("")).value_or(base::Json{});
    if (json.is_object()) return json;
  } catch (const base::Error&) {
    // A file that may not be read.
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
    // A read-only home or a full disk.
  }
}

}  // namespace plugin::registry
