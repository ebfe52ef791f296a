// SPDX-License-Identifier: Apache-2.0
#include "wording.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("a moment is written as ISO 8601 has it, in UTC") {
  CHECK(plugin::iso_time(base::TimePoint{std::chrono::seconds{1'800'000'000}}) == "2027-01-15T08:00:00Z");
}

TEST_CASE("times are said as a person would") {
  CHECK(plugin::in_words(0s) == "over");
  CHECK(plugin::in_words(-5s) == "over");
  CHECK(plugin::in_words(1s) == "1 second");
  CHECK(plugin::in_words(119s) == "119 seconds");
  CHECK(plugin::in_words(120s) == "2 minutes");
  CHECK(plugin::in_words(3600s) == "60 minutes");
  CHECK(plugin::in_words(7200s) == "2 hours");
  CHECK(plugin::in_words(3h + 60s) == "3 hours 1 minute");
}
