// SPDX-License-Identifier: Apache-2.0
#include "names/image_reference.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using plugin::names::ImageReference;

namespace {

constexpr const char* digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string reference(const std::string& text) {
  const snowflake::SessionContext session{"JANE", "ROLE", "My_Db", "PUBLIC"};
  return ImageReference::parse(text).resolved_in(session).at("h.example", session);
}

}  // namespace

TEST_CASE("SQL names become a reference in lower case, except for the tag") {
  struct Row {
    std::string text;
    std::string result;
  };
  const auto row = GENERATE(
      Row{"DB.SCHEMA.REPO", "h.example/db/schema/repo"},
      Row{"Db.My_Schema.Repo_1/App:V1.0-x", "h.example/db/my_schema/repo_1/app:V1.0-x"},
      Row{"REPO/app", "h.example/my_db/public/repo/app"},
      Row{"S2.REPO/team/app:1", "h.example/my_db/s2/repo/team/app:1"},
      Row{std::string{"REPO/app"} + digest, std::string{"h.example/my_db/public/repo/app"} + digest},
      Row{std::string{"REPO/app:1"} + digest, std::string{"h.example/my_db/public/repo/app:1"} + digest},
      Row{"a__b.c_d.e/f--g.h", "h.example/a__b/c_d/e/f--g.h"});
  CHECK(reference(row.text) == row.result);
}

TEST_CASE("a reference can begin with a connection") {
  const auto parsed = ImageReference::parse("@dev:DB.S.R/app:1");
  CHECK(parsed.connection == "dev");
  CHECK(parsed.at("h", {}) == "h/db/s/r/app:1");
  CHECK_FALSE(ImageReference::parse("R/app:1").connection);
}

TEST_CASE("a name that cannot become an image reference is refused with the reason") {
  struct Row {
    const char* text;
    const char* why;
  };
  const auto row =
      GENERATE(Row{"\"My Repo\"", "unquoted identifiers"}, Row{"DB.\"s:/@\".R/app:1", "unquoted identifiers"},
               Row{"DB.S.MY$REPO/app", "cannot be part of an image reference"},
               Row{"_repo/app", "cannot be part of an image reference"},
               Row{"a___b/app", "cannot be part of an image reference"},
               Row{"repo_/app", "cannot be part of an image reference"}, Row{"my-repo", "not valid"},
               Row{"a.b.c.d", "not valid"}, Row{"", "is empty"}, Row{"R:1", "no image"}, Row{"/", "is empty"},
               Row{"R/a//b", "part of an image's name"}, Row{"R/a$b", "part of an image's name"},
               Row{"R/app:", "is not a tag"}, Row{"R/app:feature/x", "':feature/x' is not a tag"},
               Row{"dev:R/app:1", "'dev:R' is not a host and its port"},
               Row{"https://app.snowflake.com/o/a/", "the address of Snowsight"},
               Row{"R/app:-x", "is not a tag"}, Row{"R/app@sha256:12", "is not a digest"},
               Row{"@dev", "names a connection"}, Row{"@:R", "names a connection"});
  CAPTURE(row.text);
  CHECK(fakes::contains(fakes::error_of([&] { reference(row.text); }).what(), row.why));
}

TEST_CASE("Docker's references are accepted, too") {
  const std::string host = "myorg-myacct.registry.snowflakecomputing.com";
  for (const std::string prefix : {"", "https://"}) {
    const auto parsed = ImageReference::parse(prefix + host + "/db/schema/repo/team/app:1");
    CHECK(parsed.host == host);
    CHECK(parsed.repository.text() == "db.schema.repo");
    CHECK(parsed.at(host, {}) == host + "/db/schema/repo/team/app:1");
  }
  CHECK(ImageReference::parse("localhost:5055/db/s/r").host == "localhost:5055");
  CHECK(ImageReference::parse("@dev:" + host + "/db/s/r").connection == "dev");
  CHECK(ImageReference::parse_path("db/s/r/app:1").image == "app");
  for (const std::string& text : {host + "/db/s", host + "/db/s/", host + "/db//r"})
    CHECK(fakes::contains(fakes::error_of([&] { ImageReference::parse(text); }).what(),
                          "does not name an image repository"));
}

TEST_CASE("a slash at the end changes nothing") {
  CHECK(reference("R/") == reference("R"));
  CHECK(reference("db.schema.r//") == reference("db.schema.r"));
  CHECK(ImageReference::parse_repository("db/schema/r/").repository.text() == "db.schema.r");
}

TEST_CASE("a tag without an image leads to what is missing") {
  const auto step = [](const char* text) {
    return fakes::error_of([&] { ImageReference::parse(text); }).hint();
  };
  CHECK(fakes::contains(step("app:1"), "write <database>.<schema>.<repository>/app:1;"));
  CHECK(step("db.schema.repo:1") == "write db.schema.repo/<image>:1");
}

TEST_CASE("a path needs no host when it cannot be an image in a repository") {
  CHECK(reference("db/schema/repo/app:1") == "h.example/db/schema/repo/app:1");
  CHECK(reference("my_db/schema/repo") == "h.example/my_db/schema/repo");
  CHECK(reference("repo/team/app") == "h.example/my_db/public/repo/team/app");
  CHECK(reference("public.repo/a/b/c") == "h.example/my_db/public/repo/a/b/c");
}

TEST_CASE("an argument for a repository takes the same names, and no image") {
  const std::string host = "myorg-myacct.registry.snowflakecomputing.com";
  for (const std::string& text : {std::string{"db.s.r"}, std::string{"db/s/r"}, host + "/db/s/r"}) {
    CHECK(ImageReference::parse_repository(text).repository.text() == "db.s.r");
    CHECK(ImageReference::parse_repository("@dev:" + text).connection == "dev");
  }
  CHECK(ImageReference::parse_repository(host + "/db/s/r").host == host);
  const auto error = [](const std::string& text) {
    return fakes::error_of([&] { ImageReference::parse_repository(text); });
  };
  CHECK(fakes::contains(error(host + "/db/s/r/app").what(), "names an image"));
  CHECK(error("s/r").hint() == "did you mean s.r?");
  CHECK(fakes::contains(error("a/b/c/d").what(), "not valid name"));
  CHECK(fakes::contains(error("\"a/b/c\"").what(), "unquoted identifiers"));
}

TEST_CASE("a host alone is not the name of a repository") {
  for (const char* text : {"nohost.example.com", "docker.io", "@dev:a-b.snowflakecomputing.cn"}) {
    const auto error = fakes::error_of([&] { ImageReference::parse(text); });
    CHECK(fakes::contains(error.what(), "is a host, and not an image repository"));
    CHECK(fakes::contains(fakes::error_of([&] { ImageReference::parse_repository(text); }).what(),
                          "is a host"));
  }
  CHECK(ImageReference::parse("db.registry.dev").repository.text() == "db.registry.dev");
}

TEST_CASE("a name without database and schema is refused when the session has none") {
  const auto parsed = ImageReference::parse("R/app");
  CHECK(fakes::contains(fakes::error_of([&] {
                          parsed.at("h", {"", "", "", "S"});
                        }).what(),
                        "Database not specified"));
  CHECK(fakes::contains(fakes::error_of([&] {
                          parsed.at("h", {"", "", "D", ""});
                        }).what(),
                        "Schema not specified"));
  CHECK(fakes::contains(fakes::error_of([&] { parsed.at("h", {"", "", "\"D\"", "S"}); }).what(), "unquoted"));
}
