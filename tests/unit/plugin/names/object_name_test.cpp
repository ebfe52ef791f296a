// SPDX-License-Identifier: Apache-2.0
#include "names/object_name.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using plugin::names::ObjectName;

TEST_CASE("names have one to three parts, quoted or not") {
  for (const char* text : {"a", "_x$1", "db.s.r", "s.r", "\"q\"", "\"a\"\"b\"", "db.\"s\".\"r.x\""}) {
    CAPTURE(text);
    CHECK(ObjectName::parse(text).text() == text);
  }
  for (const std::string text : {"", ".", "a.", ".a", "a..b", "a.b.c.d", "my-repo", "1x", "a b",
                                 "r\xc3\xa9po", "a;b", "a'b", "\"a", "a\"b\"", "$a", "a\n", "a(", "(a)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ObjectName::parse(text), base::Error);
  }
  CHECK_NOTHROW(ObjectName::parse(std::string(255, 'a')));
  CHECK_THROWS_AS(ObjectName::parse(std::string(256, 'a')), base::Error);
  CHECK_THROWS_AS(ObjectName::parse(std::string(1U << 20, 'a')), base::Error);
  CHECK_THROWS_AS(ObjectName::parse(std::string{"a\0b", 3}), base::Error);
}

TEST_CASE("image repositories are never quoted") {
  CHECK_NOTHROW(ObjectName::parse_repository("db.s.r"));
  for (const char* text : {"\"r\"", "\"db\".s.r", "db.\"s\".r"})
    CHECK_THROWS_AS(ObjectName::parse_repository(text), base::Error);
}

TEST_CASE("a path is refused with the name that was probably meant") {
  CHECK(fakes::error_of([] { ObjectName::parse_repository("db/schema/repo"); }).hint() ==
        "did you mean db.schema.repo?");
  CHECK_FALSE(
      fakes::contains(fakes::error_of([] { ObjectName::parse_repository("a/b/c/d"); }).hint(), "did you"));
}

TEST_CASE("names are completed from the session, with the quotes that SQL needs") {
  const snowflake::SessionContext context{"JANE.DOE@X", "R", "DB", "S"};
  CHECK(ObjectName::parse("r").completed(context) == "DB.S.r");
  CHECK(ObjectName::parse("x.r").completed(context) == "DB.x.r");
  CHECK(ObjectName::parse("a.b.r").completed(context) == "a.b.r");
  CHECK(ObjectName::parse("user$.b.r").completed(context) == "\"USER$JANE.DOE@X\".b.r");
  CHECK(ObjectName::parse("r").completed({}) == "r");
  CHECK(ObjectName::parse("r").completed({"", "", "my db", "S"}) == "\"my db\".S.r");
}

TEST_CASE("a separate database and schema complete a name, and cannot contradict it") {
  CHECK(ObjectName::parse("r").with("d", std::nullopt).text() == "d.PUBLIC.r");
  CHECK(ObjectName::parse("s.r").with("d", std::nullopt).text() == "d.s.r");
  CHECK(ObjectName::parse("r").with("d", "s").text() == "d.s.r");
  CHECK_THROWS_WITH(ObjectName::parse("d.s.r").with("x", "y"),
                    "Database provided but name 'd.s.r' is fully qualified name.");
  CHECK_THROWS_WITH(ObjectName::parse("s.r").with(std::nullopt, "y"),
                    "Schema provided but name 's.r' is fully qualified name.");
  CHECK_THROWS_WITH(ObjectName::parse("r").with("a.b", std::nullopt),
                    "Specified database 'a.b' is not valid name.");
}

TEST_CASE("database and schema must be known before a statement is sent") {
  CHECK_NOTHROW(plugin::names::require_namespace(ObjectName::parse("a.b.c"), {}));
  CHECK(fakes::contains(
      fakes::error_of([] { plugin::names::require_namespace(ObjectName::parse("c"), {}); }).what(),
      "Database not specified."));
  CHECK(fakes::contains(fakes::error_of([] {
                          plugin::names::require_namespace(ObjectName::parse("c"), {"", "", "DB", ""});
                        }).what(),
                        "Schema not specified."));
}
