// SPDX-License-Identifier: Apache-2.0
#include "base/file_change.hpp"
#include "project_file/tree.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

plugin::project_file::Node read(const std::string& text) {
  const fakes::TemporaryDirectory directory;
  base::write_file(directory.path() / "snowflake.yml", text);
  return plugin::project_file::read_yaml(directory.path() / "snowflake.yml").value();
}

}  // namespace

TEST_CASE("a byte that is not a character that YAML allows is refused with its line") {
  CHECK(read("a: \"b\tc\xC3\xA9\xC2\x85\xE2\x82\xAC\xF0\x9F\x90\xB3\"\r\n").find("a") != nullptr);
  for (const std::string bad :
       {"\x04", "\x7F", "\xC2\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xEF\xBF\xBE", "\xFF"}) {
    CAPTURE(bad);
    const auto error = fakes::error_of([&] { read("a: b\nc: d" + bad + "\n"); });
    CHECK(fakes::contains(error.what(), "snowflake.yml:2: not YAML: invalid UTF-8 or a control character"));
  }
  const auto error = fakes::error_of([] { read(std::string{"a: b\0c", 6}); });
  CHECK(fakes::contains(error.what(), "snowflake.yml:1: not YAML: invalid UTF-8 or a control character"));
}

TEST_CASE("the words for null are text, and differ from an empty value") {
  struct Row {
    const char* text;
    const char* value;
  };
  const auto row = GENERATE(Row{"a: ~", "~"}, Row{"a: null", "null"}, Row{"{a: Null, b: 1}", "Null"},
                            Row{"a: NULL\n", "NULL"}, Row{"a: nullable", "nullable"}, Row{"a:", ""},
                            Row{"a:\nnull: 1\n", ""}, Row{"a:\nnull : 1\n", ""});
  CAPTURE(row.text);
  CHECK(read(row.text).find("a")->text == row.value);
  CHECK(read("null : 1").find("null") != nullptr);
}

TEST_CASE("an empty file is an empty mapping") {
  const auto* text = GENERATE("", "# nothing\n", "---\n");
  CAPTURE(text);
  CHECK(read(text).is_mapping());
  CHECK(read(text).members.empty());
}
