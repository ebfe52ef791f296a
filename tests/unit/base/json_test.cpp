// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include "support/catch.hpp"

TEST_CASE("a whole number may be written as a number or as digits") {
  const auto* const text = GENERATE(R"({"n":3600})", R"({"n":"3600"})", R"({"n":3600.0})", R"({"n":3600.9})");
  CHECK(base::whole_number_at(base::Json::parse(text), "n") == 3600);
}

TEST_CASE("what is no whole number, or does not fit, is absent") {
  const auto* const text =
      GENERATE(R"({})", R"({"n":null})", R"({"n":true})", R"({"n":"x"})", R"({"n":"3600s"})", R"({"n":""})",
               R"({"n":1e300})", R"({"n":18446744073709551615})", R"({"n":"99999999999999999999"})", R"([])",
               R"("n")");
  CHECK_FALSE(base::whole_number_at(base::Json::parse(text), "n"));
}

TEST_CASE("a member of something that is no object is null, and text is nothing but text") {
  CHECK(base::member(base::Json::parse("[1]"), "a").is_null());
  CHECK_FALSE(base::text_at(base::Json::parse(R"({"a":1})"), "a"));
  CHECK(base::text_at(base::Json::parse(R"({"a":"b"})"), "a") == "b");
  CHECK_FALSE(base::parse_json("{"));
}
