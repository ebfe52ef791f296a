// SPDX-License-Identifier: Apache-2.0
#include "registry/challenge.hpp"

#include "support/catch.hpp"

using plugin::registry::Challenge;

TEST_CASE("challenges are read in every form") {
  struct Row {
    const char* header;
    const char* realm;
    const char* service;
  };
  const auto row =
      GENERATE(Row{"Bearer realm=\"a\",service=\"b,c\"", "a", "b,c"},
               Row{" bearer service=b , Realm=a", "a", "b"}, Row{"Basic realm=\"a\"", "", ""},
               Row{"", "", ""}, Row{"Bearer", "", ""}, Row{"Bearer scope=\"x=y\", realm=\"a", "a", ""});
  CAPTURE(row.header);
  const auto challenge = Challenge::parse(row.header);
  CHECK(challenge.realm == row.realm);
  CHECK(challenge.service == row.service);
}

TEST_CASE("what is asked for a bearer keeps what the realm says already") {
  CHECK(Challenge{"https://h/t", ""}.bearer_url("") == "https://h/t");
  CHECK(Challenge{"https://h/t", "a b"}.bearer_url("") == "https://h/t?service=a%20b");
  CHECK(Challenge{"https://h/t?x=1", "h"}.bearer_url("repository:r:pull,push") ==
        "https://h/t?x=1&service=h&scope=repository%3Ar%3Apull%2Cpush");
}

TEST_CASE("a credential goes to Snowflake only, whatever a challenge names") {
  const std::string host = "myorg-myacct.registry.snowflakecomputing.com";
  const auto may_see = [&](const std::string& realm) {
    return Challenge{realm, "s"}.may_see_credential_for(host);
  };
  CHECK(may_see("https://myorg-myacct.registry.snowflakecomputing.com/v2/token"));
  CHECK(may_see("https://MyOrg-MyAcct.registry.snowflakecomputing.com:443/v2/token"));
  CHECK(may_see("https://auth.snowflakecomputing.com/token"));
  for (const char* realm :
       {"https://evil.example/token", "http://myorg-myacct.registry.snowflakecomputing.com/v2/token",
        "https://myorg-myacct.registry.snowflakecomputing.com.evil.example/",
        "https://myorg-myacct.registry.snowflakecomputing.com@evil.example/",
        "https://myorg-myacct.registry.snowflakecomputing.com:8443/", "https://evilsnowflakecomputing.com/",
        "/v2/token", "", "https://"}) {
    CAPTURE(realm);
    CHECK_FALSE(may_see(realm));
  }
}

TEST_CASE("a registry outside Snowflake's domains gets its credential itself, or no host does") {
  const auto may_see = [](const std::string& realm) {
    return Challenge{realm, "s"}.may_see_credential_for("127.0.0.1:5055");
  };
  CHECK(may_see("http://127.0.0.1:5055/v2/token"));
  CHECK_FALSE(may_see("http://127.0.0.1:5056/v2/token"));
  CHECK_FALSE(may_see("https://myorg-myacct.registry.snowflakecomputing.com/v2/token"));
}
