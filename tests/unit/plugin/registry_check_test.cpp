// SPDX-License-Identifier: Apache-2.0
#include "registry_check.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

namespace {

constexpr const char* host = "myorg-myacct.registry.snowflakecomputing.com";
constexpr base::TimePoint now{std::chrono::seconds{1'800'000'000}};

struct Registry {
  fakes::FakeHttp http;

  void challenge(const std::string& header) { http.answer(401, "{}", {{"www-authenticate", header}}); }
  void check() {
    plugin::check_registry(http, host, {base::Secret{"hunter2"}, now, now + std::chrono::hours{1}, "dev", ""},
                           now);
  }
};

}  // namespace

TEST_CASE("a registry is asked as Docker asks it: challenge, token, page") {
  Registry registry;
  registry.challenge(
      "Bearer realm=\"https://myorg-myacct.registry.snowflakecomputing.com/v2/token\",service=\"s v\"");
  registry.http.answer(200, R"({"access_token":"b"})");
  registry.http.answer(200, "{}");
  registry.check();
  REQUIRE(registry.http.sent.size() == 3);
  CHECK(registry.http.sent[0].authorization.reveal().empty());
  CHECK(registry.http.sent[1].url ==
        "https://myorg-myacct.registry.snowflakecomputing.com/v2/token?service=s%20v");
  CHECK(registry.http.sent[1].authorization.reveal().starts_with("Basic "));
  CHECK(registry.http.sent[2].authorization.reveal() == "Bearer b");
}

TEST_CASE("the credential goes to nobody but Snowflake, whatever a challenge names") {
  const auto realm = GENERATE(as<std::string>{}, "https://evil.example/token",
                              "http://myorg-myacct.registry.snowflakecomputing.com/v2/token",
                              "https://myorg-myacct.registry.snowflakecomputing.com.evil.example/",
                              "https://myorg-myacct.registry.snowflakecomputing.com@evil.example/",
                              "https://evilsnowflakecomputing.com/");
  CAPTURE(realm);
  Registry registry;
  registry.challenge("Bearer realm=\"" + realm + "\",service=\"s\"");
  const auto error = fakes::error_of([&] { registry.check(); });
  CHECK(error.kind() == base::Kind::denied);
  CHECK(registry.http.sent.size() == 1);
}

TEST_CASE("a registry that does not answer as one is told apart from one that refuses") {
  Registry registry;
  SECTION("no challenge") {
    registry.http.answer(503, "out of order");
    CHECK(fakes::error_of([&] { registry.check(); }).kind() == base::Kind::network);
  }
  SECTION("no token") {
    registry.challenge("Bearer realm=\"https://myorg-myacct.registry.snowflakecomputing.com/t\"");
    registry.http.answer(401, "no");
    const auto error = fakes::error_of([&] { registry.check(); });
    CHECK(error.kind() == base::Kind::denied);
    CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
  }
  SECTION("no page") {
    registry.challenge("Bearer realm=\"https://myorg-myacct.registry.snowflakecomputing.com/t\"");
    registry.http.answer(200, R"({"token":"b"})");
    registry.http.answer(401, "no");
    CHECK(fakes::error_of([&] { registry.check(); }).kind() == base::Kind::denied);
  }
}

TEST_CASE("challenges are read in every form") {
  struct Row {
    const char* header;
    const char* realm;
    const char* service;
  };
  const auto row =
      GENERATE(Row{"Bearer realm=\"a\",service=\"b,c\"", "a", "b,c"},
               Row{" bearer service=b , Realm=a", "a", "b "}, Row{"Basic realm=\"a\"", "", ""},
               Row{"", "", ""}, Row{"Bearer", "", ""}, Row{"Bearer scope=\"x=y\", realm=\"a", "a", ""});
  CAPTURE(row.header);
  const auto challenge = plugin::Challenge::parse(row.header);
  CHECK(challenge.realm == row.realm);
  CHECK(base::trim(challenge.service) == base::trim(row.service));
}
