// SPDX-License-Identifier: Apache-2.0
#include "output/time_text.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "base/text.hpp"

namespace plugin::output {

std::string in_words(std::chrono::seconds time) {
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
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss of_day{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(of_day.hours().count()), static_cast<int>(of_day.minutes().count()),
                static_cast<int>(of_day.seconds().count()));
  return text.data();
}

std::string time_of_day(base::TimePoint time) {
  const auto seconds = static_cast<std::time_t>(time.time_since_epoch().count());
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 8> text{};
  std::strftime(text.data(), text.size(), "%H:%M", &local);
  return text.data();
}

}  // namespace plugin::output
