// SPDX-License-Identifier: Apache-2.0
#include "project_file/yaml.hpp"

#include "support/catch.hpp"

using plugin::project_file::length_of_yaml_text;
using plugin::project_file::null_at;

TEST_CASE("text ends where a byte is no character that YAML allows") {
  CHECK(length_of_yaml_text("") == 0);
  CHECK(length_of_yaml_text("a\tb\r\n\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB3") == 14);
  CHECK(length_of_yaml_text(std::string_view{"ab\0c", 4}) == 2);
  for (const char* bad : {"ab\x04", "ab\xC3", "ab\xC0\x80", "ab\xED\xA0\x80", "ab\xFF"}) {
    CAPTURE(bad);
    CHECK(length_of_yaml_text(bad) == 2);
  }
}

TEST_CASE("a word for nothing is told from a longer one, and from a key of that name") {
  CHECK(null_at("~", false) == "~");
  CHECK(null_at("null, 1", false) == "null");
  CHECK(null_at("NULL\n", false) == "NULL");
  CHECK(null_at("nullable", false).empty());
  CHECK(null_at("", false).empty());
  CHECK(null_at("null: 1", false).empty());
  CHECK(null_at("null : 1", true) == "null");
}
