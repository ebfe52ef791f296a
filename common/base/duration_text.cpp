// SPDX-License-Identifier: Apache-2.0
#include "base/duration_text.hpp"

namespace base {

std::string count_in_words(std::int64_t number, const std::string& unit) {
  return std::to_string(number) + " " + unit + (number == 1 ? "" : "s");
}

std::string duration_in_words(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds < 120) return count_in_words(seconds, "second");
  if (seconds < 7200) return count_in_words(seconds / 60, "minute");
  const auto hours = seconds / 3600;
  if (hours < 48) {
    const auto minutes = seconds % 3600 / 60;
    return count_in_words(hours, "hour") + (minutes == 0 ? "" : " " + count_in_words(minutes, "minute"));
  }
  return count_in_words(hours / 24, "day") +
         (hours % 24 == 0 ? "" : " " + count_in_words(hours % 24, "hour"));
}

}  // namespace base
