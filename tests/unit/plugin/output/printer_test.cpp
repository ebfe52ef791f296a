// SPDX-License-Identifier: Apache-2.0
// What the Snowflake CLI's own code prints, recorded in tests/as_snow/output.json, against what we print.
#include <algorithm>
#include <sstream>

#include "base/file.hpp"
#include "base/json.hpp"
#include "output/list.hpp"
#include "output/printer.hpp"
#include "output/table.hpp"
#include "output/terminal_text.hpp"
#include "support/catch.hpp"

namespace {

const base::OrderedJson& recorded() {
  static const auto json = base::OrderedJson::parse(base::read_file(DCS_RECORDED_OUTPUT).value_or("null"));
  return json;
}

namespace output = plugin::output;

using Texts = std::vector<std::string>;

std::string drawn(const Texts& header, const std::vector<Texts>& rows, const output::TableStyle& style) {
  std::ostringstream out;
  output::Table table{out, header, style};
  for (const auto& row : rows) table.add(row);
  table.end();
  return out.str();
}

/// How many of the recorded tables are drawn the same; those that fit must be.
std::size_t count_equal_tables(output::Lines lines) {
  std::size_t equal = 0;
  for (const auto& recorded_table : recorded().at("tables")) {
    const auto header = recorded_table.at("header").get<Texts>();
    const auto rows = recorded_table.at("rows").get<std::vector<Texts>>();
    const auto width = recorded_table.at("width").get<std::size_t>();
    const auto text = drawn(header, rows, {.lines = lines, .width = width});
    const bool is_equal =
        text == recorded_table.at(lines == output::Lines::ascii ? "drawn" : "plain").get<std::string>();
    const auto full = drawn(header, rows, {});
    CAPTURE(width);
    if (full.find('\n') <= width) CHECK(is_equal);
    if (is_equal) ++equal;
    const bool has_room = width >= 8 * header.size();
    for (std::size_t begin = 0; has_room && begin < text.size();) {
      const auto end = text.find('\n', begin);
      CHECK(output::width_of(text.substr(begin, end - begin)) <= width);
      begin = end + 1;
    }
  }
  return equal;
}

}  // namespace

TEST_CASE("tables are drawn as the Snowflake CLI draws them, and fit where they have room") {
  REQUIRE(recorded().at("tables").size() > 300);
  // Where several columns are equally wide, which of them shrinks first is not defined.
  for (const auto lines : {output::Lines::ascii, output::Lines::none})
    CHECK(count_equal_tables(lines) * 2 > recorded().at("tables").size());
}

TEST_CASE("CSV records are quoted as Python quotes them") {
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

TEST_CASE("every line of an object in an array is indented") {
  CHECK(output::to_json({{"a", output::text_value("b")}}, 4) == "{\n        \"a\": \"b\"\n    }");
}

TEST_CASE("a cell cannot control the terminal") {
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

namespace {

std::string printed(const output::List& list, output::Format format, const output::Terminal& terminal) {
  std::ostringstream out;
  list.print(out, format, terminal);
  return out.str();
}

output::List example() {
  output::List list{{{"NAME"}, {"URL"}, {"CREATED", false, false, true}, {"COMMENT", true}}};
  list.add({"DB.SCHEMA.REPO", "myorg-myacct.registry.snowflakecomputing.com/db/schema/repo", "2 weeks ago",
            "two\nlines"});
  list.add({"D.S.R", "h/d/s/r", "", "\x1b[31mred"});
  return list;
}

}  // namespace

TEST_CASE("lists have one line for each row, in columns without frames") {
  CHECK(printed(example(), output::Format::table, {}) ==
        "NAME             URL                                                           CREATED\n"
        "DB.SCHEMA.REPO   myorg-myacct.registry.snowflakecomputing.com/db/schema/repo   2 weeks ago\n"
        "D.S.R            h/d/s/r\n");
  CHECK(printed(example(), output::Format::name, {}) == "DB.SCHEMA.REPO\nD.S.R\n");
  const auto wide = printed(example(), output::Format::wide, {});
  CHECK(wide.find("COMMENT\n") != std::string::npos);
  CHECK(wide.find("two lines\n") != std::string::npos);
  CHECK(wide.find('\x1b') == std::string::npos);
}

TEST_CASE("a list fits its terminal: columns are left out, and no name or URL is cut") {
  const auto on_terminal = [](std::size_t width) {
    return printed(example(), output::Format::table, {.is_terminal = true, .width = width});
  };
  CHECK(on_terminal(80) ==
        "NAME             URL\n"
        "DB.SCHEMA.REPO   myorg-myacct.registry.snowflakecomputing.com/db/schema/repo\n"
        "D.S.R            h/d/s/r\n");
  CHECK(on_terminal(62) ==
        "NAME             URL\n"
        "DB.SCHEMA.REPO\n"
        "   myorg-myacct.registry.snowflakecomputing.com/db/schema/repo\n"
        "D.S.R            h/d/s/r\n");
  for (const std::size_t width : {1U, 20U, 40U}) {
    const auto text = on_terminal(width);
    CHECK(text.find("\nmyorg-myacct.registry.snowflakecomputing.com/db/schema/repo\n") != std::string::npos);
    CHECK(text.find("DB.SCHEMA.REPO\n") != std::string::npos);
  }
}

TEST_CASE("YAML quotes text that it would read as something else") {
  CHECK(output::to_yaml({{"repository", output::text_value("DB.S.R")}, {"tag", output::text_value("1.0")}}) ==
        "repository: DB.S.R\ntag: \"1.0\"\n");
  CHECK(output::to_yaml({{"a", output::text_value("No")}}) == "a: \"No\"\n");
  CHECK(output::to_yaml({{"a", output::text_value("a: b #c")}}) == "a: \"a: b #c\"\n");
  CHECK(output::to_yaml({{"a", output::text_or_null("")}, {"n", output::number_value(3)}}, 2) ==
        "a: null\n  \"n\": 3\n");
  std::ostringstream out;
  const output::Printer printer{out, output::Format::yaml, {}};
  printer.objects({{{"a", output::text_value("x")}, {"b", output::text_value("y")}}});
  printer.objects({});
  CHECK(out.str() == "- a: x\n  b: \"y\"\n[]\n");
}
