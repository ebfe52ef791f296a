// SPDX-License-Identifier: Apache-2.0
#include "output/units.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("times are written in ISO 8601, in UTC") {
  CHECK(plugin::output::iso_time(base::TimePoint{std::chrono::seconds{1'800'000'000}}) ==
        "2027-01-15T08:00:00Z");
}

TEST_CASE("durations are written in words") {
  CHECK(plugin::output::time_left(0s) == "expired");
  CHECK(plugin::output::time_left(-5s) == "expired");
  CHECK(plugin::output::time_left(1s) == "1 second");
  CHECK(plugin::output::time_left(119s) == "119 seconds");
  CHECK(plugin::output::time_left(120s) == "2 minutes");
  CHECK(plugin::output::time_left(3600s) == "60 minutes");
  CHECK(plugin::output::time_left(7200s) == "2 hours");
  CHECK(plugin::output::time_left(3h + 60s) == "3 hours 1 minute");
  CHECK(plugin::output::time_left(47h + 60s) == "47 hours 1 minute");
  CHECK(plugin::output::time_left(48h + 60s) == "2 days");
  CHECK(plugin::output::time_left(9601h) == "400 days 1 hour");
}

TEST_CASE("sizes are written as Docker writes them") {
  CHECK(plugin::output::human_size(0) == "0B");
  CHECK(plugin::output::human_size(999) == "999B");
  CHECK(plugin::output::human_size(1000) == "1kB");
  CHECK(plugin::output::human_size(33'554'432) == "33.55MB");
  CHECK(plugin::output::human_size(1'210'000'000) == "1.21GB");
}
