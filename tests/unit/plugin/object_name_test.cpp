// SPDX-License-Identifier: Apache-2.0
#include "object_name.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using plugin::ObjectName;

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

TEST_CASE("names are completed from where the session stands") {
  const snowflake::SessionContext context{"JANE.DOE@X", "R", "DB", "S"};
  CHECK(ObjectName::parse("r").completed(context) == "DB.S.r");
  CHECK(ObjectName::parse("x.r").completed(context) == "DB.x.r");
  CHECK(ObjectName::parse("a.b.r").completed(context) == "a.b.r");
  CHECK(ObjectName::parse("user$.b.r").completed(context) == "\"USER$JANE.DOE@X\".b.r");
  CHECK(ObjectName::parse("r").completed({}) == "r");
}

TEST_CASE("what stands beside a name completes it, and does not contradict it") {
  CHECK(ObjectName::parse("r").with("d", std::nullopt).text() == "d.PUBLIC.r");
  CHECK(ObjectName::parse("s.r").with("d", std::nullopt).text() == "d.s.r");
  CHECK(ObjectName::parse("r").with("d", "s").text() == "d.s.r");
  CHECK_THROWS_WITH(ObjectName::parse("d.s.r").with("x", "y"),
                    "Database provided but name 'd.s.r' is fully qualified name.");
  CHECK_THROWS_WITH(ObjectName::parse("s.r").with(std::nullopt, "y"),
                    "Schema provided but name 's.r' is fully qualified name.");
}

TEST_CASE("words become literals and patterns that mean themselves") {
  CHECK(plugin::sql_literal("it's") == "'it''s'");
  CHECK(plugin::sql_literal("a\\b") == "'a\\b'");
  CHECK(plugin::sql_literal("a\\'b") == "'a\\\\''b'");
  CHECK(plugin::sql_pattern("MY_REPO") == "'MY\\\\_REPO'");
  CHECK(plugin::sql_pattern("A%") == "'A\\\\%'");
  CHECK(plugin::quoted_identifier("SCHEMA") == "SCHEMA");
  CHECK(plugin::quoted_identifier("My Schema") == "\"My Schema\"");
  CHECK(plugin::quoted_identifier("a\"b") == "\"a\"\"b\"");
}

TEST_CASE("where something is has to be known before it is asked for") {
  CHECK_NOTHROW(plugin::require_namespace(ObjectName::parse("a.b.c"), {}));
  CHECK(fakes::contains(fakes::error_of([] { plugin::require_namespace(ObjectName::parse("c"), {}); }).what(),
                        "Database not specified."));
  CHECK(fakes::contains(fakes::error_of([] {
                          plugin::require_namespace(ObjectName::parse("c"), {"", "", "DB", ""});
                        }).what(),
                        "Schema not specified."));
}
