// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include "support/catch.hpp"

TEST_CASE("a whole number may be written as a number or as digits") {
  const auto* const text = GENERATE(R"({"n":3600})", R"({"n":"3600"})", R"({"n":3600.0})", R"({"n":3600.9})");
  CHECK(base::whole_number_at(base::Json::parse(text), "n") == 3600);
  CHECK(base::time_at(base::Json::parse(text), "n") == base::TimePoint{std::chrono::hours{1}});
}

TEST_CASE("text that is not a whole number, or does not fit, is absent") {
  const auto* const text =
      GENERATE(R"({})", R"({"n":null})", R"({"n":true})", R"({"n":"x"})", R"({"n":"3600s"})", R"({"n":""})",
               R"({"n":1e300})", R"({"n":18446744073709551615})", R"({"n":"99999999999999999999"})", R"([])",
               R"("n")");
  CHECK_FALSE(base::whole_number_at(base::Json::parse(text), "n"));
  CHECK_FALSE(base::time_at(base::Json::parse(text), "n"));
}

TEST_CASE("a member of a value that is not an object is null, and only strings are text") {
  CHECK(base::member(base::Json::parse("[1]"), "a").is_null());
  CHECK_FALSE(base::text_at(base::Json::parse(R"({"a":1})"), "a"));
  CHECK(base::text_at(base::Json::parse(R"({"a":"b"})"), "a") == "b");
  CHECK_FALSE(base::parse_json("{"));
}

TEST_CASE("depth and number of values are bounded before anything is built") {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return std::string(count, '[') + std::string(count, ']');
  };
  CHECK(base::parse_json(nested(base::max_json_depth)));
  CHECK_FALSE(base::parse_json(nested(base::max_json_depth + 1)));
  CHECK_FALSE(base::parse_json(nested(1'000'000)));
  CHECK(base::parse_json("[\"" + std::string(1000, '[') + "\"]"));
  CHECK(base::parse_json(R"(["\"[[[", "\\"])"));
  std::string many = "[";
  for (std::size_t i = 0; i <= base::max_json_values; ++i) many += "{},";
  CHECK_FALSE(base::parse_json(many + "1]"));
}

TEST_CASE("one member with any number of values may be left out") {
  std::string rows = "[";
  for (int i = 0; i < 600'000; ++i) rows += "[1],";
  rows += "[2]]";
  const auto json = base::parse_json_without(
      R"({"data":{"a":1,"rowset":)" + rows + R"(,"b":[{"rowset":7}]},"rowset":3})", "data", "rowset");
  REQUIRE(json);
  CHECK(*json == base::Json::parse(R"({"data":{"a":1,"rowset":null,"b":[{"rowset":7}]},"rowset":3})"));
  CHECK(base::parse_json_without(R"({"data":{"rowset":[1,[2]]}})", "data", "rowset") ==
        base::Json::parse(R"({"data":{"rowset":null}})"));
  CHECK(base::parse_json_without("[]", "data", "rowset") == base::Json::array());
  CHECK_FALSE(base::parse_json_without(R"({"data":{"rowset":[1)", "data", "rowset"));
}
