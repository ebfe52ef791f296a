// SPDX-License-Identifier: Apache-2.0
#include "output/size_text.hpp"

#include "support/catch.hpp"

using plugin::output::human_size;

TEST_CASE("sizes are written as Docker writes them") {
  CHECK(human_size(0) == "0B");
  CHECK(human_size(999) == "999B");
  CHECK(human_size(1000) == "1kB");
  CHECK(human_size(33'554'432) == "33.55MB");
  CHECK(human_size(1'210'000'000) == "1.21GB");
}
