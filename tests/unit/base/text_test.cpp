// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include "support/catch.hpp"

TEST_CASE("white space at both ends goes, and only there") {
  CHECK(base::trim(" \t\r\n a b \v\f\n") == "a b");
  CHECK(base::trim(" \n").empty());
  CHECK(base::trim("").empty());
}

TEST_CASE("case is that of ASCII, whatever the locale says") {
  CHECK(base::to_lower("AbZ-\xc3\x84") == "abz-\xc3\x84");
  CHECK(base::to_upper("abz_\xc3\xa4") == "ABZ_\xc3\xa4");
  CHECK(base::equals_ignoring_case("Snowflake_JWT", "SNOWFLAKE_jwt"));
  CHECK_FALSE(base::equals_ignoring_case("a", "ab"));
}

TEST_CASE("splitting and joining undo each other") {
  CHECK(base::split("", '.') == std::vector<std::string>{""});
  CHECK(base::split(".a.", '.') == std::vector<std::string>{"", "a", ""});
  CHECK(base::join(base::split("a.b.c", '.'), ".") == "a.b.c");
  CHECK(base::join({}, ", ").empty());
}

TEST_CASE("text from outside cannot steer a terminal, nor fill it") {
  CHECK(base::printable(" a\x1b[31mb\nc\x7f ") == "a [31mb c");
  CHECK(base::printable("12345", 5) == "12345");
  CHECK(base::printable("123456", 5) == "12345…");
  CHECK(base::printable("123\xc3\xa4\xc3\xa4", 4) == "123…");
}
