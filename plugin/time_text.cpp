// SPDX-License-Identifier: Apache-2.0
#include "time_text.hpp"

namespace plugin {
namespace {

std::string counted(std::int64_t number, const std::string& unit) {
  return std::to_string(number) + " " + unit + (number == 1 ? "" : "s");
}

}  // namespace

std::string in_words(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds <= 0) return "over";
  if (seconds < 120) return counted(seconds, "second");
  if (seconds < 7200) return counted(seconds / 60, "minute");
  const auto minutes = seconds % 3600 / 60;
  return counted(seconds / 3600, "hour") + (minutes == 0 ? "" : " " + counted(minutes, "minute"));
}

}  // namespace plugin
