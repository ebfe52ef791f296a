// SPDX-License-Identifier: Apache-2.0
#include "commands/result_rows.hpp"

#include "support/catch.hpp"

using plugin::commands::value_of;
using plugin::output::TimeZone;

TEST_CASE("values are read as their columns say") {
  struct Row {
    snowflake::Column column;
    const char* cell;
    const char* json;
    const char* text;
    const char* csv;
  };
  const auto row = GENERATE(
      Row{{"c", "timestamp_ltz", 3},
          "1713472913.481",
          R"("2024-04-18T13:41:53.481000-07:00")",
          "2024-04-18 13:41:53.481000-07:00",
          "2024-04-18T13:41:53.481000-07:00"},
      Row{{"c", "timestamp_ltz", 9},
          "1728681829.000000000",
          R"("2024-10-11T14:23:49-07:00")",
          "2024-10-11 14:23:49-07:00",
          "2024-10-11T14:23:49-07:00"},
      Row{{"c", "timestamp_ltz", 3},
          "1704067200.5",
          R"("2023-12-31T16:00:00.500000-08:00")",
          "2023-12-31 16:00:00.500000-08:00",
          "2023-12-31T16:00:00.500000-08:00"},
      Row{{"c", "timestamp_ntz", 3},
          "-1.500",
          R"("1969-12-31T23:59:58.500000")",
          "1969-12-31 23:59:58.500000",
          "1969-12-31T23:59:58.500000"},
      Row{{"c", "timestamp_tz", 3},
          "1713472913.481 1770",
          R"("2024-04-19T02:11:53.481000+05:30")",
          "2024-04-19 02:11:53.481000+05:30",
          "2024-04-19T02:11:53.481000+05:30"},
      Row{{"c", "date", 0}, "19831", R"("2024-04-18")", "2024-04-18", "2024-04-18"},
      Row{{"c", "time", 3}, "3661.250", R"("01:01:01.250000")", "01:01:01.250000", "01:01:01.250000"},
      Row{{"c", "boolean", 0}, "1", "true", "True", "True"},
      Row{{"c", "boolean", 0}, "FALSE", "false", "False", "False"},
      Row{{"c", "fixed", 0}, "42", "42", "42", "42"},
      Row{{"c", "fixed", 2}, "1.50", R"("1.50")", "1.50", "1.50"},
      Row{{"c", "binary", 0}, "DEADBEEF", R"("deadbeef")", "deadbeef", "deadbeef"},
      Row{{"c", "text", 0}, "x", R"("x")", "x", "x"},
      Row{{"c", "variant", 0}, R"({"a":1})", R"("{\"a\":1}")", R"({"a":1})", R"({"a":1})"},
      Row{{"c", "timestamp_ltz", 3}, "soon", R"("soon")", "soon", "soon"});
  const TimeZone zone{"America/Los_Angeles"};
  const auto value = value_of(row.column, row.cell, zone, false);
  CHECK(value.json.dump() == row.json);
  CHECK(value.text == row.text);
  CHECK(value.csv == row.csv);
}

TEST_CASE("NULL is null, None, and nothing") {
  const auto value = value_of({"c", "text", 0}, std::nullopt, TimeZone{"UTC"}, false);
  CHECK(value.json.is_null());
  CHECK(value.text == "None");
  CHECK(value.csv.empty());
}

TEST_CASE("JSON_EXT opens up what is JSON inside of a cell") {
  CHECK(value_of({"c", "variant", 0}, R"({"a":[1]})", TimeZone{"UTC"}, true).json.dump() == R"({"a":[1]})");
  CHECK(value_of({"c", "variant", 0}, "not JSON", TimeZone{"UTC"}, true).json.dump() == R"("not JSON")");
}
