// SPDX-License-Identifier: Apache-2.0
#include "snowflake/login_identity.hpp"

#include "base/masking.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"

namespace {

struct IdentityFixture {
  base::Environment environment;
  std::map<std::string, std::string> fields{{"account", "o-a"}, {"user", "jane"}, {"password", "word"}};

  snowflake::LoginIdentity login() const { return {fakes::connection(fields), environment}; }
};

}  // namespace

TEST_CASE("job and role of a workload identity decide what is shared, but not of other logins") {
  IdentityFixture f;
  f.fields["authenticator"] = GENERATE("WORKLOAD_IDENTITY", "SNOWFLAKE");
  const bool is_workload = f.fields["authenticator"] == "WORKLOAD_IDENTITY";
  const auto before = f.login().key;
  SECTION("provider") { f.fields["workload_identity_provider"] = "AWS"; }
  SECTION("impersonation") { f.fields["workload_identity_impersonation_path"] = "[\"a\"]"; }
  SECTION("job") { f.environment = base::Environment{{{"CI_JOB_ID", "7"}}}; }
  SECTION("role") { f.environment = base::Environment{{{"AWS_ROLE_ARN", "arn"}}}; }
  CHECK((f.login().key == before) != is_workload);
}

TEST_CASE("user, account and role decide what is shared") {
  IdentityFixture f;
  const auto before = f.login().key;
  f.fields["user"] = "JANE";
  CHECK(f.login().key == before);
  f.fields["password"] = "another";
  CHECK(f.login().key == before);
  SECTION("role") { f.fields["role"] = "R"; }
  SECTION("user") { f.fields["user"] = "joe"; }
  SECTION("account") { f.fields["account"] = "o-b"; }
  SECTION("authenticator") { f.fields["authenticator"] = "OAUTH"; }
  SECTION("database") { f.fields["database"] = "d"; }
  SECTION("port") { f.fields["port"] = "8443"; }
  CHECK_FALSE(f.login().key == before);
}

TEST_CASE("a login masks its secrets in messages, and no other value of the connection") {
  IdentityFixture f;
  f.fields["authenticator"] = "OAUTH_CLIENT_CREDENTIALS_OF_THIS_TEST";
  f.fields["password"] = "password-of-this-test";
  CHECK(f.login().subject({}, f.environment).credential.size() == 22);
  const std::string text = "OAUTH_CLIENT_CREDENTIALS_OF_THIS_TEST jane";
  CHECK(base::masked(text) == text);
}
