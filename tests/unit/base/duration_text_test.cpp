// SPDX-License-Identifier: Apache-2.0
#include "base/duration_text.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("a duration is told in the unit that a user would choose") {
  CHECK(base::duration_in_words(119s) == "119 seconds");
  CHECK(base::duration_in_words(600s) == "10 minutes");
  CHECK(base::duration_in_words(6h) == "6 hours");
  CHECK(base::duration_in_words(9600h) == "400 days");
  CHECK(base::count_in_words(1, "minute") == "1 minute");
}
