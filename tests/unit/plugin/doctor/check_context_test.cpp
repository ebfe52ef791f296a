// SPDX-License-Identifier: Apache-2.0
#include "doctor/check_context.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

using plugin::doctor::parse_target;

TEST_CASE("names with up to two dots are repositories, in Snowflake's own spelling") {
  const auto target = parse_target("db.Schema.repo");
  CHECK_FALSE(target.host);
  CHECK(target.repository->name == "DB.SCHEMA.REPO");
  CHECK(parse_target("repo").repository->name == "REPO");
}

TEST_CASE("names are read as other commands read them") {
  CHECK(parse_target("db/schema/repo").repository->name == "DB.SCHEMA.REPO");
  CHECK(parse_target("db.schema.repo/app:1").repository->image == "app");
  CHECK(parse_target("@prod:db.schema.repo").connection == "prod");
  CHECK(parse_target("db.registry.dev").repository->name == "DB.REGISTRY.DEV");
}

TEST_CASE("a host, a repository and an image are read from a path") {
  const auto target = parse_target("a-b.registry.snowflakecomputing.com/db/schema/repo/team/app:1.2");
  CHECK(target.host == "a-b.registry.snowflakecomputing.com");
  CHECK(target.repository->name == "DB.SCHEMA.REPO");
  CHECK(target.repository->image == "team/app");
  CHECK(parse_target("https://a-b.example/db/schema/repo/").repository->image.empty());
}

TEST_CASE("a host alone is as it was written, whatever it looks like") {
  for (const char* text : {"A_B-C.registry.snowflakecomputing.com", "https://a-b.example/", "localhost:5000",
                           "https://a-b.registry.snowflakecomputing.com/v2/", "nohost.example.com",
                           "a.registry.IO", "myorg-myacct"}) {
    const auto target = parse_target(text);
    CHECK(target.host == text);
    CHECK_FALSE(target.repository);
  }
}

TEST_CASE("what names neither a host nor a repository is refused") {
  for (const char* text : {"a-b.example/db", "a-b.example/db/schema", "a-b.example/db//repo",
                           "a-b.example/db/schema/repo:latest", "a.b.*", ""}) {
    try {
      parse_target(text);
      FAIL(text);
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::Kind::usage);
      CHECK_FALSE(error.hint().empty());
    }
  }
}
