// SPDX-License-Identifier: Apache-2.0
// What the Snowflake CLI's own code prints, recorded in tests/as_snow/output.json, against what we print.
#include <sstream>

#include "base/file.hpp"
#include "base/json.hpp"
#include "output/clean.hpp"
#include "output/csv.hpp"
#include "output/json.hpp"
#include "output/table.hpp"
#include "support/catch.hpp"

namespace {

const base::OrderedJson& recorded() {
  static const auto json = base::OrderedJson::parse(base::read_file(DCS_RECORDED_OUTPUT).value_or("null"));
  return json;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("tables are drawn as the Snowflake CLI draws them, at any width") {
  REQUIRE(recorded().at("tables").size() > 300);
  for (const auto& drawing : recorded().at("tables")) {
    output::Table table{drawing.at("header").get<Texts>()};
    for (const auto& row : drawing.at("rows")) table.add(row.get<Texts>());
    std::ostringstream out;
    table.print_within(out, drawing.at("width"), false);
    CAPTURE(drawing.at("width").get<int>());
    CHECK(out.str() == drawing.at("drawn").get<std::string>());
  }
}

TEST_CASE("records of CSV are quoted as Python quotes them") {
  for (const auto& record : recorded().at("records")) {
    std::ostringstream out;
    output::print_csv(out, record.at("fields").get<Texts>());
    CHECK(out.str() == record.at("text").get<std::string>());
  }
}

TEST_CASE("objects are written as Python's json.dumps writes them") {
  for (const auto& object : recorded().at("objects")) {
    output::Fields fields;
    for (const auto& [name, value] : object.at("fields").items())
      fields.emplace_back(name, output::Value{value, "", ""});
    CHECK(output::to_json(fields) == object.at("text").get<std::string>());
  }
}

TEST_CASE("objects inside of an array are indented line by line") {
  CHECK(output::to_json({{"a", output::text_value("b")}}, 4) == "{\n        \"a\": \"b\"\n    }");
}

TEST_CASE("nothing in a cell can command a terminal") {
  CHECK(output::clean("\x1b[31mred\x1b[0m") == "red");
  CHECK(output::clean("a\x07\x08\x0b\x0c\r"
                      "b\x01\x7f"
                      "c") == "abc");
  CHECK(output::clean("\xc2\x9b"
                      "31m") == "31m");
  CHECK(output::clean("\x1b]0;title\x07") == "0;title");
  CHECK(output::clean("\x1b") == "");
  CHECK(output::clean("a\tb\n\tc") == "a       b\n        c");
  CHECK(output::clean(":smile: \xf0\x9f\x98\x80") == ":smile: \xf0\x9f\x98\x80");
}
