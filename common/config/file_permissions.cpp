// SPDX-License-Identifier: Apache-2.0
#include "config/file_permissions.hpp"

#include <sys/stat.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace config {
namespace {

constexpr mode_t others_write = 022;
constexpr mode_t others_read = 044;

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 ? status.st_mode : 0;
}

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw base::Error(base::Kind::config, "Configuration file " + file.string() + " has too wide permissions",
                    "chmod 0600 \"" + file.string() + "\"");
}

bool skips_check(const base::Environment& environment) {
  for (const char* name :
       {"SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION"}) {
    // The first one that is there decides.
    if (const auto value = environment.get(name))
      return *value == "1" || base::equals_ignoring_case(*value, "true");
  }
  return false;
}

}  // namespace

std::optional<std::string> check_permissions(const std::filesystem::path& file,
                                             const base::Environment& environment) {
  const mode_t mode = mode_of(file);
  if ((mode & others_write) != 0) refuse(file);
  if ((mode & others_read) == 0) return std::nullopt;
  if (!skips_check(environment)) refuse(file);
  return "others may read " + file.string() + ": chmod 0600 \"" + file.string() + "\"";
}

void require_not_group_writable(const std::filesystem::path& file) {
  if ((mode_of(file) & others_write) != 0) refuse(file);
}

}  // namespace config
