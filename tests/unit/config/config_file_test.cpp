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

TEST_CASE("TOML that is nested too deeply or has too many values is refused before it is parsed") {
  const std::string refused = "file is nested too deeply, or too large, for a configuration file";
  CHECK(toml_error("a = " + repeated("[", 200'000)) == refused);
  CHECK(toml_error("a = " + repeated("{a=", 200'000)) == refused);
  CHECK(toml_error(repeated("a.", 200'000) + "a = 1") == refused);
  CHECK(toml_error("[" + repeated("a.", 200'000) + "a]") == refused);
  CHECK(toml_error("a = [" + repeated("1,", 200'000) + "1]") == refused);
}

TEST_CASE("brackets and dots in strings and comments, and many numbers, do not count as nesting") {
  const std::string many = repeated("[.", 500);
  for (const std::string& text :
       {"a = \"" + many + "\"", "a = '" + many + "'", "a = \"\"\"\n" + many + "\n\"\"\"",
        "a = \'\'\'" + many + "\'\'\'", "# " + many, "a = [" + repeated("1.5, ", 500) + "1.5]",
        "a = \"\\\"" + many + "\""}) {
    CAPTURE(text);
    CHECK_NOTHROW(config::parse_toml(text, "file"));
  }
}

TEST_CASE("each value is available as text, tables and arrays as JSON") {
  const std::pair<std::string, std::string> values[] = {
      {"\"x\\\"y\"", "x\"y"},
      {"true", "true"},
      {"0x1F", "31"},
      {"-5", "-5"},
      {"30.5", "30.5"},
      {"30.0", "30.0"},
      {"1e300", "1e+300"},
      {"-inf", "-inf"},
      {"nan", "nan"},
      {"1979-05-27", "1979-05-27"},
      {"07:32:00.5", "07:32:00.500000000"},
      {"1979-05-27 07:32:00Z", "1979-05-27T07:32:00+00:00"},
      {"1979-05-27T00:32:00-07:30", "1979-05-27T00:32:00-07:30"},
      {"[1, \"a\", [true], 0001-01-01]", R"([1,"a",[true],"0001-01-01"])"},
      {"{b = 1, a.c = \"\\n\"}", R"({"a":{"c":"\n"},"b":1})"}};
  for (const auto& [written, text] : values) {
    CAPTURE(written);
    CHECK(config::parse_toml("a = " + written, "file").find("a")->text.reveal() == text);
  }
}

TEST_CASE("letters that no key may contain are syntax errors") {
  for (const std::string letter :
       {"\xc3\xa9", "\xef\xb3\xbf", "\xef\xb7\x90", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(letter);
    CHECK(toml_error(letter + " = 1").ends_with(": this is not valid TOML"));
  }
}

TEST_CASE("the mistakes that are made most often have a next step of their own") {
  const auto [line, step] =
      GENERATE(table<std::string, std::string>({{"a = \"C:\\Users\\jane\"", "backslash"},
                                                {"a = \u201Cmyorg-myacct\u201D", "typographic quotes"},
                                                {"<<<<<<< HEAD", "merge conflict"},
                                                {"export A=\"x\"", "shell"},
                                                {"{\"connections\": {}}", "JSON"},
                                                {"account: secret-word", "YAML"},
                                                {std::string{"a = \"\0\"", 7}, "NUL"},
                                                {"password = secret-word", "strings need quotes"}}));
  const std::string text = "[x]\nb = 1\n" + line + "\n";
  CAPTURE(text);
  const auto error = fakes::error_of([&] { config::parse_toml(text, "file"); });
  CHECK(fakes::contains(error.hint(), step));
  CHECK_FALSE(fakes::contains(error.hint() + error.what(), "secret-word"));
}
