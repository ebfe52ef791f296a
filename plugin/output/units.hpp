// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"

/// Sizes and times as users read them.
namespace plugin::output {

/// A size as Docker writes it: decimal units, four significant digits.
std::string human_size(std::uint64_t bytes);

/// How long something is still valid: "59 minutes", as `base::duration_in_words`; "expired" when no time is
/// left.
std::string time_left(std::chrono::seconds);

/// How long ago something happened, roughly: "5 minutes ago", "3 weeks ago"; "just now" for less than a
/// minute.
std::string age_in_words(std::chrono::seconds);

/// ISO 8601, in UTC.
std::string iso_time(base::TimePoint);

/// Hours and minutes in this machine's time zone: "12:04".
std::string time_of_day(base::TimePoint);

}  // namespace plugin::output
