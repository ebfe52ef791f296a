// SPDX-License-Identifier: Apache-2.0
#include "snowflake/sign_in.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

using base::Json;

namespace {

struct Fixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  fakes::MemoryStore store;
  fakes::TemporaryFolder runtime;
  base::Environment environment;
  std::map<std::string, std::string> fields{{"account", "o-a"}, {"user", "jane"}, {"password", "word"}};

  snowflake::SignIn sign_in() { return {fakes::connection(fields), environment, clock}; }
  snowflake::IssuedToken issue(bool anew = false) {
    const auto sign_in = this->sign_in();
    const token::SignInTurn turn{runtime.path(), sign_in.key("registry-token"), "sources",
                                 base::Deadline{clock, std::chrono::seconds{1}}, clock};
    return sign_in.issue_registry_token(http, store, turn, anew);
  }
  void grant_sign_in() {
    http.grant({{"token", "S"},
                {"masterToken", "M"},
                {"validityInSeconds", 3600},
                {"masterValidityInSeconds", 14400}});
    http.grant(nullptr);
  }
  void grant_token(const std::string& token) {
    http.grant({{"sessionToken", token}, {"validityInSecondsST", 3600}});
  }
};

}  // namespace

TEST_CASE("cold it takes three requests, and with a kept session one") {
  Fixture f;
  f.grant_sign_in();
  f.grant_token("R1");
  CHECK(f.issue().value.reveal() == "R1");
  CHECK(f.http.sent.size() == 3);
  f.grant_token("R2");
  CHECK(f.issue().value.reveal() == "R2");
  CHECK(f.http.sent.size() == 4);
}

TEST_CASE("a session that is over is renewed, and one that cannot be renewed is replaced") {
  Fixture f;
  f.grant_sign_in();
  f.grant_token("R1");
  f.issue();
  f.http.refuse("390112", "expired");
  f.http.grant({{"sessionToken", "S2"},
                {"masterToken", "M2"},
                {"validityInSecondsST", 3600},
                {"validityInSecondsMT", 14400}});
  f.grant_token("R2");
  CHECK(f.issue().value.reveal() == "R2");
  CHECK(f.http.sent.size() == 6);
  f.http.refuse("390112", "expired");
  f.http.refuse("390114", "the master, too");
  f.grant_sign_in();
  f.grant_token("R3");
  CHECK(f.issue().value.reveal() == "R3");
  CHECK(f.http.left() == 0);
}

TEST_CASE("trouble with the network never leads to a new sign-in") {
  Fixture f;
  f.grant_sign_in();
  f.grant_token("R1");
  f.issue();
  f.http.fail(net::NoAnswer::Reason::cut_off);
  CHECK(fakes::error_of([&] { f.issue(); }).kind() == base::Kind::network);
  CHECK(f.http.sent.size() == 4);
}

TEST_CASE("a new session is kept before it is used, for whoever comes after a process that was killed") {
  Fixture f;
  f.grant_sign_in();
  f.http.fail(net::NoAnswer::Reason::cut_off);
  CHECK_THROWS_AS(f.issue(), base::Error);
  CHECK(f.store.secrets.contains(f.sign_in().key(snowflake::session_kind)));
}

TEST_CASE("a workload's job and role decide about what is shared, and only a workload's") {
  Fixture f;
  f.fields["authenticator"] = GENERATE("WORKLOAD_IDENTITY", "SNOWFLAKE");
  const bool is_workload = f.fields["authenticator"] == "WORKLOAD_IDENTITY";
  const auto before = f.sign_in().key("k");
  SECTION("provider") { f.fields["workload_identity_provider"] = "AWS"; }
  SECTION("whom it acts for") { f.fields["workload_identity_impersonation_path"] = "[\"a\"]"; }
  SECTION("job") { f.environment = base::Environment{{{"CI_JOB_ID", "7"}}}; }
  SECTION("role") { f.environment = base::Environment{{{"AWS_ROLE_ARN", "arn"}}}; }
  CHECK((f.sign_in().key("k") == before) != is_workload);
}

TEST_CASE("who, where and in which role decide about what is shared") {
  Fixture f;
  const auto key = [&] { return f.sign_in().key("k"); };
  const auto before = key();
  f.fields["user"] = "JANE";
  CHECK(key() == before);
  f.fields["password"] = "another";
  CHECK(key() == before);
  SECTION("role") { f.fields["role"] = "R"; }
  SECTION("user") { f.fields["user"] = "joe"; }
  SECTION("account") { f.fields["account"] = "o-b"; }
  SECTION("authenticator") { f.fields["authenticator"] = "OAUTH"; }
  SECTION("database") { f.fields["database"] = "d"; }
  SECTION("port") { f.fields["port"] = "8443"; }
  CHECK_FALSE(key() == before);
}
