// SPDX-License-Identifier: Apache-2.0
#include "snowflake/sql_text.hpp"

#include "support/catch.hpp"

using namespace snowflake;

namespace {

/// What Snowflake reads between the quotes of a string constant; absent when the constant does not end
/// exactly where the text does.
std::optional<std::string> value_of(std::string_view constant) {
  if (constant.size() < 2 || constant.front() != '\'') return std::nullopt;
  std::string value;
  for (std::size_t at = 1; at < constant.size(); ++at) {
    const char c = constant[at];
    if (c == '\'') {
      if (at + 1 == constant.size()) return value;
      if (constant[at + 1] != '\'') return std::nullopt;
      ++at;
    } else if (c == '\\') {
      ++at;
      if (at == constant.size()) return std::nullopt;
    }
    value += constant[at];
  }
  return std::nullopt;
}

/// Every text of up to five of the characters that matter.
std::vector<std::string> dangerous_texts() {
  std::vector<std::string> texts = {""};
  for (std::size_t begin = 0, length = 0; length < 5; ++length) {
    const std::size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char c : {'\'', '\\', 'a', '"'}) texts.push_back(texts[begin] + c);
    }
  }
  return texts;
}

}  // namespace

TEST_CASE("a string constant is read as the original text") {
  for (const auto& text : dangerous_texts()) {
    CAPTURE(text);
    CHECK(value_of(sql_literal(text)) == text);
  }
  CHECK(sql_literal("it's") == "'it''s'");
  CHECK(sql_literal("a\\") == "'a\\\\'");
}

TEST_CASE("a pattern that a user wrote cannot end the constant early") {
  for (const auto& text : dangerous_texts()) {
    CAPTURE(text);
    CHECK(value_of(sql_user_pattern(text)));
  }
  CHECK(sql_user_pattern("a\\\\b") == "'a\\\\b'");
  CHECK(sql_user_pattern("it's") == "'it''s'");
  CHECK(sql_user_pattern("a\\'b") == "'a\\\\''b'");
  CHECK(sql_user_pattern("a\\") == "'a\\\\'");
  CHECK(sql_user_pattern("my\\\\_repo%") == "'my\\\\_repo%'");
}

TEST_CASE("a pattern for a stored name matches nothing else") {
  CHECK(sql_pattern("MY_REPO") == "'MY\\\\_REPO'");
  CHECK(sql_pattern("A%") == "'A\\\\%'");
  CHECK(sql_pattern("a\\b'") == "'a\\\\\\\\b'''");
}

TEST_CASE("stored names get quotes where SQL needs them, and quotes are removed again") {
  CHECK(quoted_identifier("SCHEMA") == "SCHEMA");
  CHECK(quoted_identifier("My Schema") == "\"My Schema\"");
  CHECK(quoted_identifier("lower") == "\"lower\"");
  CHECK(quoted_identifier("a\"b") == "\"a\"\"b\"");
  CHECK(quoted_identifier("\"QUOTED\"") == "\"\"\"QUOTED\"\"\"");
  for (const std::string name : {"SCHEMA", "My Schema", "a\"b", "\"\"", "1X", "$A", ""}) {
    CAPTURE(name);
    CHECK(stored_name_of(quoted_identifier(name)) == name);
    if (!name.empty()) CHECK(is_identifier(quoted_identifier(name)));
  }
  CHECK(stored_name_of("mixed_Case") == "MIXED_CASE");
}

TEST_CASE("the statement for a key quotes a name that needs it") {
  CHECK(snowflake::alter_user_statement("jane", "key") == "ALTER USER jane SET RSA_PUBLIC_KEY = 'a2V5';");
  CHECK(snowflake::alter_user_statement("jane@example.com", "key") ==
        "ALTER USER \"JANE@EXAMPLE.COM\" SET RSA_PUBLIC_KEY = 'a2V5';");
  CHECK(snowflake::alter_user_statement("a\"b", "").starts_with("ALTER USER \"A\"\"B\" SET"));
}
