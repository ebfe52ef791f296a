// SPDX-License-Identifier: Apache-2.0
#include "docker_config/edit.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using plugin::docker_config::JsonText;

namespace {

JsonText parsed(const std::string& text) { return JsonText::parse(text, "config.json"); }

std::string after_set(const std::string& text, const std::string& object, const std::string& key) {
  const auto edit = docker_config::set_member(parsed(text), object, key, "\"v\"");
  REQUIRE(edit);
  const auto result = docker_config::apply(text, *edit);
  CHECK(docker_config::revert(result, *edit) == text);
  return result;
}

}  // namespace

TEST_CASE("a new member looks like its neighbors, and nothing else moves") {
  struct Row {
    const char* text;
    const char* object;
    const char* result;
  };
  const auto row = GENERATE(
      Row{"{}", "", "{\n\t\"k\": \"v\"\n}"},                                // as Docker writes
      Row{"{}\n", "", "{\n\t\"k\": \"v\"\n}\n"},                            //
      Row{" { }\r\n", "", " {\r\n \t\"k\": \"v\"\r\n }\r\n"},               // CRLF, and a margin
      Row{"{\"a\":1}", "", "{\"a\":1,\"k\":\"v\"}"},                        // compact
      Row{"{\"a\": 1}", "", "{\"a\": 1, \"k\": \"v\"}"},                    // Python's
      Row{"{ \"a\": 1 }", "", "{ \"a\": 1, \"k\": \"v\" }"},                //
      Row{"{\"a\":1 , \"b\":2}", "", "{\"a\":1 , \"b\":2 , \"k\":\"v\"}"},  //
      Row{"{\n  \"a\": 1\n}", "", "{\n  \"a\": 1,\n  \"k\": \"v\"\n}"},     // two spaces
      Row{"{\r\n    \"a\": 1\r\n}\r\n", "", "{\r\n    \"a\": 1,\r\n    \"k\": \"v\"\r\n}\r\n"},  //
      Row{"{\n  \"a\": 1\n, \"b\": 2\n}", "",
          "{\n  \"a\": 1\n, \"b\": 2\n, \"k\": \"v\"\n}"},                       // commas in front
      Row{"{\"a\":1} x", "", "{\"a\":1,\"k\":\"v\"} x"},                         // Docker ignores the rest
      Row{"{\"o\":{}}", "o", "{\"o\":{\"k\":\"v\"}}"},                           //
      Row{"{ \"o\": {} }", "o", "{ \"o\": { \"k\": \"v\" } }"},                  //
      Row{"{\n\t\"o\": {}\n}", "o", "{\n\t\"o\": {\n\t\t\"k\": \"v\"\n\t}\n}"},  //
      Row{"{\n  \"o\": {\n  }\n}", "o", "{\n  \"o\": {\n    \"k\": \"v\"\n  }\n}"},      //
      Row{"{\n  \"o\": {\"a\": 1}\n}", "o", "{\n  \"o\": {\"a\": 1, \"k\": \"v\"}\n}"},  // one in a line
      Row{"{\n  \"o\": {\n      \"a\": 1}}", "o", "{\n  \"o\": {\n      \"a\": 1,\n      \"k\": \"v\"}}"},
      Row{"{\"O\":{\"a\":1}}", "o", "{\"O\":{\"a\":1,\"k\":\"v\"}}"},  // Docker reads any case
      Row{"{\"o\":{\"a\":1},\"o\":{\"b\":2}}", "o", "{\"o\":{\"a\":1},\"o\":{\"b\":2,\"k\":\"v\"}}"},
      Row{"{\"o\":{\"k\":1},\"o\":{\"b\":2}}", "o",
          "{\"o\":{\"k\":\"v\"},\"o\":{\"b\":2}}"},                            // where it counts
      Row{"{\"o\":{\"k\":1,\"k\":2}}", "o", "{\"o\":{\"k\":1,\"k\":\"v\"}}"},  // the last one counts
      Row{"{\"o\":{\"K\":1}}", "o", "{\"o\":{\"K\":1,\"k\":\"v\"}}"},          // hosts have one spelling
      Row{"{\"k\" : {\"x\":\n[1]} }", "", "{\"k\" : \"v\" }"});
  CAPTURE(row.text);
  CHECK(after_set(row.text, row.object, "k") == row.result);
}

TEST_CASE("setting a member to the value that it has is no change") {
  CHECK_FALSE(docker_config::set_member(parsed("{\"o\":{\"k\" : \"\\u0076\"}}"), "o", "k", "\"v\""));
  CHECK_FALSE(docker_config::remove_member(parsed("{\"o\":{\"K\":1}}"), "o", "k"));
}

TEST_CASE("a value that should be an object is not changed") {
  const auto error =
      fakes::error_of([] { docker_config::set_member(parsed("{\n \"o\": []}"), "o", "k", "1"); });
  CHECK(fakes::contains(error.what(), "config.json:2:7: o must be an object"));
}

TEST_CASE("a member is removed with its comma") {
  struct Row {
    const char* text;
    const char* result;
  };
  const auto row =
      GENERATE(Row{"{\"k\":1}", "{}"}, Row{"{\n  \"k\": 1\n}\n", "{}\n"},
               Row{"{\n  \"k\": 1,\n  \"b\": 2\n}", "{\n  \"b\": 2\n}"},
               Row{"{\n  \"a\": 1,\n  \"k\": 2\n}", "{\n  \"a\": 1\n}"},
               Row{"{\n  \"a\": 1,\n  \"k\": 2,\n  \"b\": 3\n}", "{\n  \"a\": 1,\n  \"b\": 3\n}"},
               Row{"{\"a\":1 , \"k\":2}", "{\"a\":1}"});
  CAPTURE(row.text);
  const auto edit = docker_config::remove_member(parsed(row.text), "", "k");
  REQUIRE(edit);
  const auto result = docker_config::apply(row.text, *edit);
  CHECK(result == row.result);
  CHECK(docker_config::revert(result, *edit) == row.text);
}

TEST_CASE(
    "in a text that was changed elsewhere a change is undone by name, unless it is not there any more") {
  struct Row {
    const char* text;
    const char* result;  ///< null when it is not undone
  };
  const docker_config::Edit added{"o", "k", std::nullopt, "\"v\"", 0, {}, {}};
  const auto row =
      GENERATE(Row{"{\"o\":{\"k\":\"v\",\"x\":1}}", "{\"o\":{\"x\":1}}"},
               Row{"{\"o\":{\"k\":\"other\"}}", nullptr}, Row{"{\"o\":{}}", nullptr}, Row{"{}", nullptr});
  CAPTURE(row.text);
  const auto opposite = docker_config::inverse(parsed(row.text), added);
  REQUIRE(opposite.has_value() == (row.result != nullptr));
  if (opposite) CHECK(docker_config::apply(row.text, *opposite) == row.result);

  const docker_config::Edit replaced{"o", "k", "[1, 2]", "\"v\"", 0, {}, {}};
  const auto back = docker_config::inverse(parsed("{\"o\":{\"k\":\"v\"}}"), replaced);
  REQUIRE(back);
  CHECK(docker_config::apply("{\"o\":{\"k\":\"v\"}}", *back) == "{\"o\":{\"k\":[1, 2]}}");
}
