// SPDX-License-Identifier: Apache-2.0
#include "settings_file/toml_edit.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace settings_file = plugin::settings_file;

namespace {

std::string with_default(const std::string& text) {
  return settings_file::with_value(text, "config.toml", {"default_connection_name"}, "prod");
}

}  // namespace

TEST_CASE("the default connection is changed or added, and nothing else moves") {
  struct Row {
    const char* text;
    const char* result;
  };
  const auto row = GENERATE(
      Row{"", "default_connection_name = \"prod\"\n"},
      Row{"default_connection_name = 'dev'  # here\n", "default_connection_name = \"prod\"  # here\n"},
      Row{"# all\n\n# of dev\n[connections.dev]\nuser = \"JANE\"\n",
          "# all\n\ndefault_connection_name = \"prod\"\n\n# of dev\n[connections.dev]\nuser = \"JANE\"\n"},
      Row{"a = 1979-05-27\r\nb = [1, inf]",
          "a = 1979-05-27\r\nb = [1, inf]\r\ndefault_connection_name = \"prod\"\r\n"});
  CAPTURE(row.text);
  CHECK(with_default(row.text) == row.result);
}

TEST_CASE("a default connection that cannot be changed by its line is refused") {
  const auto* text = GENERATE("default_connection_name = 1\n", "default_connection_name = '''dev'''\n");
  CAPTURE(text);
  const auto error = fakes::error_of([&] { with_default(text); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), "config.toml:1: this is written in a form"));
}

TEST_CASE("a text of several lines that looks like a table is not changed") {
  const auto error = fakes::error_of([] { with_default("a = '''\n[b]\n'''\n[c]\nd = 1\n"); });
  CHECK(fakes::contains(error.what(), "config.toml:1: this is written in a form"));
}

TEST_CASE("a value is changed where its quotes are, and a line of another form is refused") {
  CHECK(settings_file::with_value("\"a=b\" = 'c' # d\n", "x.toml", {"a=b"}, "e") == "\"a=b\" = \"e\" # d\n");
  const auto* text =
      GENERATE("a = 1\n", "a = [\"b\"]\n", "a = {b = \"c\"}\n", "a = '''b'''\n", "a = \"\"\"b\"\"\"\n");
  CAPTURE(text);
  const auto error = fakes::error_of([&] { settings_file::with_value(text, "x.toml", {"a"}, "e"); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), "x.toml:1: this is written in a form"));
}

TEST_CASE("an added line ends as the first one does, and ends the line before it") {
  CHECK(settings_file::with_value("a = \"x\"\r\nb = \"y\"", "x.toml", {"c"}, "z") ==
        "a = \"x\"\r\nb = \"y\"\r\nc = \"z\"\r\n");
}
