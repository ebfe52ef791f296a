// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

TEST_CASE("a deadline within another expires with the earlier of the two") {
  fakes::FakeClock clock;
  const base::Deadline whole{clock, 10s};
  const auto first = whole.within(4s);
  CHECK(first.left() == 4s);
  clock.sleep(8s);
  CHECK(first.expired());
  CHECK(first.left() == 0s);
  CHECK(whole.within(4s).left() == 2s);
}
