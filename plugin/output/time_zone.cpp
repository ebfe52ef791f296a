// SPDX-License-Identifier: Apache-2.0
#include "output/time_zone.hpp"

#include <time.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

namespace output {
namespace {

/// The name becomes part of a path.
bool is_harmless(const std::string& name) {
  return !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
         std::ranges::all_of(name, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '+' || c == '-' || c == '/';
         });
}

bool is_known(const std::string& name) {
  std::error_code ignored;
  return is_harmless(name) && std::filesystem::is_regular_file("/usr/share/zoneinfo/" + name, ignored);
}

}  // namespace

TimeZone::TimeZone(const std::string& name) {
  setenv("TZ", (is_known(name) ? ":" + name : std::string{"UTC0"}).c_str(), 1);
  tzset();
}

std::chrono::seconds TimeZone::offset_at(std::chrono::sys_seconds moment) const {
  const time_t seconds = moment.time_since_epoch().count();
  tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return std::chrono::seconds::zero();
  return std::chrono::seconds{local.tm_gmtoff};
}

}  // namespace output
