// SPDX-License-Identifier: Apache-2.0
#include "docker_config/json_text.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using plugin::docker_config::JsonText;

TEST_CASE("what is not JSON is refused with line and column, and without its text") {
  struct Row {
    const char* text;
    const char* where;
    const char* what;
  };
  const auto row = GENERATE(
      Row{"", ":1:1:", "expected a value"}, Row{"[]", ":1:1:", "the outermost value must be an object"},
      Row{"{", ":1:2:", "expected a key in double quotes"}, Row{"{\"a\":1", ":1:7:", "expected a comma or }"},
      Row{"{\n  \"a\": 1,\n}", ":3:1:", "expected a key in double quotes"},
      Row{"{\r\n\"a\" 1}", ":2:5:", "expected a colon"},
      Row{"{\n// hunter2\n}", ":2:1:", "expected a key in double quotes"},
      Row{"{\"a\": // hunter2\n1}", ":1:7:", "no comments"}, Row{"{\"é\": x}", ":1:7:", "expected a value"},
      Row{"{\"a\":\"x\ny\"}", ":1:8:", "the closing quote"}, Row{"{\"a\":\"x", ":1:6:", "the closing quote"},
      Row{"{\"a\":\"\\x\"}", ":1:8:", "not an escape"}, Row{"{\"a\":\"\\u12g4\"}", ":1:11:", "hexadecimal"},
      Row{"{\"a\":01}", ":1:7:", "expected a comma or }"}, Row{"{\"a\":-}", ":1:7:", "expected a digit"},
      Row{"{\"a\":1.}", ":1:8:", "expected a digit"}, Row{"{\"a\":[1,]}", ":1:9:", "expected a value"},
      Row{"{\"a\":[1 2]}", ":1:9:", "expected a comma or ]"},
      Row{"{\"a\":\"\t\"}", ":1:7:", "control character"},
      Row{"{\"a\":[[[[1}", ":1:11:", "expected a comma or ]"},
      Row{"{\"a\":[[[{\"b\":[{\"c\" 1}]}]]]}", ":1:20:", "expected a colon"});
  CAPTURE(row.text);
  const auto error = fakes::error_of([&] { JsonText::parse(row.text, "config.json"); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), std::string{"config.json"} + row.where));
  CHECK(fakes::contains(error.what(), row.what));
  CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
}

TEST_CASE("encodings that Docker cannot read are named, with the command that converts them") {
  const auto mark = fakes::error_of([] { JsonText::parse("\xef\xbb\xbf{}", "config.json"); });
  CHECK(fakes::contains(mark.what(), "config.json begins with a byte order mark"));
  CHECK(fakes::contains(mark.hint(), "sed -i"));
  const auto wide = fakes::error_of([] { JsonText::parse("\xff\xfe{", "config.json"); });
  CHECK(fakes::contains(wide.what(), "UTF-16"));
  CHECK(fakes::contains(wide.hint(), "iconv"));
}

TEST_CASE("values have their offsets in the text, keys and strings are unquoted") {
  const std::string text =
      " {\"a\\u0062\" : {\"x\":[1,{\"y\":null}], \"x\":\"\\\"}\"}, \"n\":-1.5e+3} ignored\n";
  const auto json = JsonText::parse(text, "config.json");
  CHECK(json.text() == text);
  const auto& members = json.root().members;
  REQUIRE(members.size() == 2);
  CHECK(members[0].key == "ab");
  REQUIRE(members[0].value.members.size() == 2);
  CHECK(json.of(members[0].value.members[0].value) == "[1,{\"y\":null}]");
  CHECK(json.string_of(members[0].value.members[1].value) == "\"}");
  CHECK(json.of(members[1].value) == "-1.5e+3");
}

TEST_CASE("what is not Unicode reads as the replacement character, one for each byte or surrogate") {
  struct Row {
    const char* text;
    const char* meaning;
  };
  const auto row = GENERATE(
      Row{"\\u00e9\\n\\/", "\xc3\xa9\n/"}, Row{"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
      Row{"\\uD83D\\uD83D", "\xef\xbf\xbd\xef\xbf\xbd"}, Row{"\\ude00x", "\xef\xbf\xbdx"},
      Row{"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"}, Row{"\xc3\xa9\xc3", "\xc3\xa9\xef\xbf\xbd"},
      Row{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, Row{"\xe2\x84\xaa", "\xe2\x84\xaa"});
  CAPTURE(row.text);
  const auto json = JsonText::parse("{\"k\":\"" + std::string{row.text} + "\"}", "config.json");
  CHECK(json.string_of(json.root().members[0].value) == row.meaning);
}

TEST_CASE("nesting ends where Docker ends it, long before the stack does") {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK_NOTHROW(JsonText::parse(nested(9'999), "x"));
  CHECK(fakes::contains(fakes::error_of([&] { JsonText::parse(nested(10'000), "x"); }).what(),
                        "10,000 levels"));
  CHECK_THROWS(JsonText::parse("{\"a\":" + std::string(5'000'000, '['), "x"));
}

TEST_CASE("a file of very many values is refused before it fills the memory") {
  std::string text = "{\"a\":[0";
  for (int value = 0; value < 200'000; ++value) text += ",0";
  CHECK(
      fakes::contains(fakes::error_of([&] { JsonText::parse(text + "]}", "x"); }).what(), "200,000 values"));
}
