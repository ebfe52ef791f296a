// SPDX-License-Identifier: Apache-2.0
#include "snowflake/result.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace {

using Rows = std::vector<std::vector<snowflake::Cell>>;

Rows rowset_of(std::string_view text) {
  Rows rows;
  snowflake::read_rowset(text, [&](auto&& row) { rows.push_back(std::move(row)); });
  return rows;
}

Rows rows_of(std::string_view text) {
  Rows rows;
  snowflake::read_rows(text, [&](auto&& row) { rows.push_back(std::move(row)); });
  return rows;
}

}  // namespace

TEST_CASE(
    "rows are found in every place that an answer can have them, and other arrays are not mistaken for "
    "rows") {
  CHECK(
      rowset_of(R"({"data":{"rowset":[["a",null],["b","c"]],"rowtype":[{"x":[["no"]]}]},"success":true})") ==
      Rows{{"a", std::nullopt}, {"b", "c"}});
  CHECK(rowset_of(R"({"rowset":[["no"]],"data":{"other":[["no"]],"rowset":[]}})").empty());
  CHECK(rowset_of(R"({"data":{"rowset":[[1,true,2.5]]}})") == Rows{{"1", "true", "2.5"}});
  CHECK(rows_of(R"([["a"],["b"]])") == Rows{{"a"}, {"b"}});
  CHECK(rows_of("[]").empty());
}

TEST_CASE("a result without an array of rows does not look empty") {
  for (const char* text : {R"({"data":null})", R"({"data":{}})", R"({"data":{"rowset":{"a":1}}})",
                           R"({"data":{"rowset":null}})"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(rowset_of(text), base::Error);
  }
}

TEST_CASE("damaged rows are an error") {
  for (const char* text : {"", "[", "[[\"a\"", "[\"a\"],[", "nonsense"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(rows_of(text), base::Error);
  }
}

TEST_CASE("rows that are no arrays and cells that are no values are an error, and never look like no rows") {
  for (const char* text :
       {R"([{"name":"a"}])", R"(["a"])", "[null]", R"([["a",["b"]]])", R"([["a",{"b":1}]])"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(rows_of(text), base::Error);
    CHECK_THROWS_AS(rowset_of(std::string{R"({"data":{"rowset":)"} + text + "}}"), base::Error);
  }
  CHECK(rowset_of(R"({"data":{"rowset":[]},"headers":{"a":{"b":[[1]]}},"other":[[["x"]]]})").empty());
}
