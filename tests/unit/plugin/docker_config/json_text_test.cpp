// SPDX-License-Identifier: Apache-2.0
#include "docker_config/json_text.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

TEST_CASE("what is not JSON is refused with line and column, and without its text") {
  struct Row {
    const char* text;
    const char* where;
    const char* what;
  };
  const auto row = GENERATE(
      Row{"", ":1:1:", "a value has to stand here"}, Row{"[]", ":1:1:", "the outermost value has to be { }"},
      Row{"{", ":1:2:", "a key in double quotes"}, Row{"{\"a\":1", ":1:7:", "a comma or }"},
      Row{"{\n  \"a\": 1,\n}", ":3:1:", "a key in double quotes"}, Row{"{\r\n\"a\" 1}", ":2:5:", "a colon"},
      Row{"{\n// hunter2\n}", ":2:1:", "a key in double quotes"},
      Row{"{\"a\": // hunter2\n1}", ":1:7:", "no comments"},
      Row{"{\"é\": x}", ":1:7:", "a value has to stand here"},
      Row{"{\"a\":\"x\ny\"}", ":1:8:", "a closing quote"}, Row{"{\"a\":\"x", ":1:6:", "a closing quote"},
      Row{"{\"a\":\"\\x\"}", ":1:8:", "no escape"}, Row{"{\"a\":\"\\u12g4\"}", ":1:11:", "hexadecimal"},
      Row{"{\"a\":01}", ":1:7:", "a comma or }"}, Row{"{\"a\":-}", ":1:7:", "a digit"},
      Row{"{\"a\":1.}", ":1:8:", "a digit"}, Row{"{\"a\":[1,]}", ":1:9:", "a value"},
      Row{"{\"a\":[1 2]}", ":1:9:", "a comma or ]"}, Row{"{} hunter2", ":1:4:", "behind the last }"},
      Row{"{\"a\":\"\xff\"}", ":1:6:", "not Unicode"}, Row{"{\"\\ud800\":1}", ":1:2:", "not Unicode"});
  CAPTURE(row.text);
  const auto error = fakes::error_of([&] { docker_config::JsonText::parse(row.text, "config.json"); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), std::string{"config.json"} + row.where));
  CHECK(fakes::contains(error.what(), row.what));
  CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
}

TEST_CASE("values are where they stand, keys are what they mean") {
  const std::string text =
      "\xef\xbb\xbf {\"a\\u0062\" : {\"x\":[1,{\"y\":null}], \"x\":\"\\\"}\"}, \"n\":-1.5e+3}\n";
  const auto json = docker_config::JsonText::parse(text, "config.json");
  CHECK(json.text() == text);
  const auto& members = json.root().members;
  REQUIRE(members.size() == 2);
  CHECK(members[0].key == "ab");
  REQUIRE(members[0].value.members.size() == 2);
  CHECK(json.of(members[0].value.members[0].value) == "[1,{\"y\":null}]");
  CHECK(json.of(members[0].value.members[1].value) == "\"\\\"}\"");
  CHECK(json.of(members[1].value) == "-1.5e+3");
}

TEST_CASE("what nests without end is refused before the stack ends") {
  std::string text = "{\"a\":";
  text += std::string(100'000, '[');
  CHECK(fakes::contains(fakes::error_of([&] { docker_config::JsonText::parse(text, "x"); }).what(),
                        "nested too deeply"));
}
