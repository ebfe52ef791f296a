// SPDX-License-Identifier: Apache-2.0
#include "settings_file/toml_lines.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace settings_file = plugin::settings_file;

using settings_file::Lines;

TEST_CASE("a text is its lines, with their ends") {
  CHECK(settings_file::lines_of("").empty());
  CHECK(settings_file::lines_of("a\r\n\nb") == Lines{"a\r\n", "\n", "b"});
}

TEST_CASE("an inserted line ends as the first one does, and ends the line in front of it") {
  Lines lines{"a\r\n", "b"};
  settings_file::insert(lines, 2, "c");
  CHECK(lines == Lines{"a\r\n", "b\r\n", "c\r\n"});
}

TEST_CASE("a value is changed where its quotes are, and a line of another form is refused") {
  CHECK(settings_file::with_value("\"a=b\" = 'c' # d\n", "\"e\"", "x.toml", 1) == "\"a=b\" = \"e\" # d\n");
  const auto* line = GENERATE("a = 1\n", "a = \"b\n", "a = \"b\" c\n", "a\n", "a = '''b'''\n");
  CAPTURE(line);
  const auto error = fakes::error_of([&] { settings_file::with_value(line, "\"e\"", "x.toml", 7); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), "x.toml:7: this is written in a form"));
}
