// SPDX-License-Identifier: Apache-2.0
#include "config/file_permissions.hpp"

#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace config {
namespace {

constexpr mode_t others_write = 022;
constexpr mode_t others_read = 044;

/// Where chmod(2) cannot help: another owner, a read-only mount, a file system without modes of its own
/// (Windows drives in WSL, network shares, USB sticks).
bool can_change_mode(const std::filesystem::path& file, const base::FileStatus& status) {
  if (status.owner != geteuid() && geteuid() != 0) return false;
  struct statfs system {};
  if (statfs(file.c_str(), &system) != 0) return true;
  constexpr std::array without_modes = {0x01021997U, 0x4d44U,     0x2011bab0U, 0x5346544eU,
                                        0xff534d42U, 0xfe534d42U, 0x517bU};
  const auto type = static_cast<unsigned>(system.f_type);
  return (static_cast<unsigned long>(system.f_flags) & ST_RDONLY) == 0 &&
         std::ranges::find(without_modes, type) == without_modes.end();
}

/// What to do about a mode that is too wide.
std::string advice(const std::filesystem::path& file, const base::FileStatus& status) {
  const std::string name = "\"" + file.string() + "\"";
  if (can_change_mode(file, status)) return "chmod 0600 " + name;
  const std::string copy =
      "the mode cannot be changed there: copy the file to your home folder, chmod 0600 the "
      "copy and use that";
  if ((status.mode & others_write) != 0) return copy;
  return copy + ", or set SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION=true";
}

[[noreturn]] void refuse(const std::filesystem::path& file, const base::FileStatus& status) {
  throw base::Error(base::Kind::config, "Configuration file " + file.string() + " has too wide permissions",
                    advice(file, status));
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

base::ReadOptions secret_file(const std::filesystem::path& file, const base::Environment& environment,
                              std::vector<std::string>& warnings) {
  const auto check = [&](const base::FileStatus& status) {
    if ((status.mode & others_write) != 0) refuse(file, status);
    if ((status.mode & others_read) == 0) return;
    if (!skips_check(environment)) refuse(file, status);
    warnings.push_back("others may read " + file.string() + ": " + advice(file, status));
  };
  return {.must_be_own = true, .check = check, .unreachable = &warnings};
}

base::ReadOptions trusted_file(const std::filesystem::path& file) {
  const auto check = [&](const base::FileStatus& status) {
    if ((status.mode & others_write) != 0) refuse(file, status);
  };
  return {.must_be_own = true, .check = check};
}

}  // namespace config
