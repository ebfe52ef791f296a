// SPDX-License-Identifier: Apache-2.0
#include "registry/cache_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace plugin::registry {
namespace {

std::filesystem::path cache_home(const base::Environment& environment) {
  // XDG Base Directory Specification: a relative path is to be ignored.
  if (const auto set = environment.non_empty("XDG_CACHE_HOME"); set && set->front() == '/') return *set;
  return environment.home() / ".cache";
}

}  // namespace

CacheFile::CacheFile(const base::Environment& environment, const std::string& name)
    : file_(cache_home(environment) / "docker-snowflake" / name) {}

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
  std::error_code failure;
  std::filesystem::create_directories(file_.parent_path(), failure);
  try {
    base::write_file(file_, base::dump_json(json));
  } catch (const base::Error&) {
    // A read-only home or a full disk.
  }
}

}  // namespace plugin::registry
