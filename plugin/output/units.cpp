// SPDX-License-Identifier: Apache-2.0
#include "output/units.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "base/text.hpp"

namespace plugin::output {
namespace {

/// `time` in the form of `strftime`.
std::string formatted(const char* form, const std::tm& time) {
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), form, &time)};
}

}  // namespace

std::string human_size(std::uint64_t bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1000 && unit + 1 < units.size()) {
    size /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g%s", size, units[unit]);
  return text.data();
}

std::string time_left(std::chrono::seconds time) {
  return time.count() <= 0 ? "expired" : base::duration_in_words(time);
}

std::string age_in_words(std::chrono::seconds age) {
  struct Unit {
    const char* name;
    std::chrono::seconds length;
  };
  using std::chrono::days;
  using std::chrono::hours;
  constexpr std::array units = {Unit{"year", days{365}}, Unit{"month", days{30}},
                                Unit{"week", days{7}},   Unit{"day", days{1}},
                                Unit{"hour", hours{1}},  Unit{"minute", std::chrono::minutes{1}}};
  for (const auto& unit : units) {
    // Two of the larger unit at least, or one would hide too much.
    const auto enough = unit.length * (unit.length > std::chrono::minutes{1} ? 2 : 1);
    if (age >= enough) return base::count_in_words(age / unit.length, unit.name) + " ago";
  }
  return "just now";
}

std::string iso_time(base::TimePoint time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return formatted("%FT%TZ", utc);
}

std::string time_of_day(base::TimePoint time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm local{};
  localtime_r(&seconds, &local);
  return formatted("%H:%M", local);
}

}  // namespace plugin::output
