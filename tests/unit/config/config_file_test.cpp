// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

std::string toml_error(const std::string& text) {
  return fakes::error_of([&] { config::parse_toml(text, "file"); }).what();
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("TOML that is nested too deep or has too many values is refused before it is built") {
  const std::string refused = "file is nested too deep, or too large, for a file of settings";
  CHECK(toml_error("a = " + repeated("[", 200'000)) == refused);
  CHECK(toml_error("a = " + repeated("{a=", 200'000)) == refused);
  CHECK(toml_error(repeated("a.", 200'000) + "a = 1") == refused);
  CHECK(toml_error("[" + repeated("a.", 200'000) + "a]") == refused);
  CHECK(toml_error("a = [" + repeated("1,", 200'000) + "1]") == refused);
}

TEST_CASE("brackets and dots in strings and comments, and many numbers, are no nesting") {
  const std::string many = repeated("[.", 500);
  for (const std::string& text :
       {"a = \"" + many + "\"", "a = '" + many + "'", "a = \"\"\"\n" + many + "\n\"\"\"",
        "a = \'\'\'" + many + "\'\'\'", "# " + many, "a = [" + repeated("1.5, ", 500) + "1.5]",
        "a = \"\\\"" + many + "\""}) {
    CAPTURE(text);
    CHECK_NOTHROW(config::parse_toml(text, "file"));
  }
}
