// SPDX-License-Identifier: Apache-2.0
#include "registry/cache_file.hpp"

#include "support/catch.hpp"

using plugin::registry::keep_newest;
using plugin::registry::next_use;

TEST_CASE("a full cache drops the least recently used entries") {
  base::Json entries{{"a", {{"used", 3}}}, {"b", {{"used", 1}}}, {"c", "from an older version"}};
  CHECK(next_use(base::Json::object()) == 1);
  CHECK(next_use(entries) == 4);
  entries["z"] = {{"used", next_use(entries)}};
  keep_newest(entries, 4);
  CHECK(entries.size() == 4);
  keep_newest(entries, 2);
  CHECK(entries == base::Json{{"a", {{"used", 3}}}, {"z", {{"used", 4}}}});
}

TEST_CASE("an entry whose number cannot be incremented is the oldest") {
  base::Json entries{{"a", {{"used", 9223372036854775807}}}, {"b", {{"used", -1}}}, {"c", {{"used", 2}}}};
  CHECK(next_use(entries) == 3);
  keep_newest(entries, 1);
  CHECK(entries.contains("c"));
}
