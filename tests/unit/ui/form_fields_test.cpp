// SPDX-License-Identifier: Apache-2.0
#include "ui/form_fields.hpp"

#include "support/catch.hpp"

TEST_CASE("a form is read as browsers write it") {
  const auto fields = ui::parse_form("token=a%2Bb%3D%3D+c&&empty=&alone&%74x=%C3%A9");
  REQUIRE(fields);
  CHECK(ui::value_of(*fields, "token") == "a+b== c");
  CHECK(fields->contains("empty"));
  CHECK(fields->contains("alone"));
  CHECK(ui::value_of(*fields, "tx") == "\xC3\xA9");
  CHECK(ui::value_of(*fields, "absent").empty());
  CHECK(ui::parse_form("")->empty());
}

TEST_CASE("a form with a broken escape, or with a name twice, is none") {
  for (const auto* text : {"a=%", "a=%4", "a=%zz", "a=%-1", "a=1&a=2", "a=1&%61=2"}) {
    INFO(text);
    CHECK_FALSE(ui::parse_form(text));
  }
}

TEST_CASE("of JSON the texts and the truths are fields") {
  const auto fields = ui::parse_json_fields(R"({"token":"t","consent":false,"n":1,"list":["x"]})");
  REQUIRE(fields);
  CHECK(fields->size() == 2);
  CHECK(ui::value_of(*fields, "consent") == "false");
  CHECK_FALSE(ui::parse_json_fields("[1]"));
  CHECK_FALSE(ui::parse_json_fields("{"));
}

TEST_CASE("a pasted address gives the fields of its query") {
  const auto token = [](const char* address) {
    return std::string{ui::value_of(ui::fields_of_address(address), "token")};
  };
  CHECK(token(" http://localhost:1234/?token=ver%3A1&x=y#there \n") == "ver:1");
  CHECK(token("/?token=t") == "t");
  CHECK(token("token=t").empty());
  CHECK(token("http://localhost/?token=%").empty());
  CHECK(token("").empty());
}
