// SPDX-License-Identifier: Apache-2.0
#include "net/http_date.hpp"

#include <charconv>

namespace net {
namespace {

constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";

/// -1 when there is anything but digits.
int number(std::string_view digits) {
  int value = -1;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  return error == std::errc{} && stop == end ? value : -1;
}

}  // namespace

std::optional<base::TimePoint> parse_http_date(std::string_view text) {
  if (text.size() != form.size() || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = months.find(text.substr(8, 3));
  const int day = number(text.substr(5, 2));
  const int hour = number(text.substr(17, 2));
  const int minute = number(text.substr(20, 2));
  const int second = number(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{number(text.substr(12, 4))},
                                         std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  const bool is_time = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!date.ok() || date.year() < std::chrono::year{1970} || !is_time) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

}  // namespace net
