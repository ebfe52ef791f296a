// SPDX-License-Identifier: Apache-2.0
#include "docker/registry.hpp"

#include "support/catch.hpp"

using docker::RegistryHost;

TEST_CASE("every spelling that a caller sends means the same registry") {
  const auto* const spelling = GENERATE(
      "myorg-myacct.registry.snowflakecomputing.com", "https://myorg-myacct.registry.snowflakecomputing.com",
      "http://myorg-myacct.registry.snowflakecomputing.com",
      "https://myorg-myacct.registry.snowflakecomputing.com/v2/",
      "myorg-myacct.registry.snowflakecomputing.com/db/schema/repo/app",
      "myorg-myacct.registry.snowflakecomputing.com:443",
      "https://myorg-myacct.registry.snowflakecomputing.com:443/",
      "MyOrg-MyAcct.Registry.SnowflakeComputing.COM", "myorg_myacct.registry.snowflakecomputing.com",
      "  myorg-myacct.registry.snowflakecomputing.com \r\n", "myorg-myacct.registry.snowflakecomputing.com.",
      "https://someone@myorg-myacct.registry.snowflakecomputing.com/");
  CAPTURE(spelling);
  const auto host = RegistryHost::parse(spelling);
  REQUIRE(host);
  CHECK(host->name() == "myorg-myacct.registry.snowflakecomputing.com");
  CHECK(host->account_label() == "myorg-myacct");
  CHECK(host->top_level_domain() == "com");
}

TEST_CASE("private link and China have registries too") {
  CHECK(RegistryHost::parse("o-a.registry.privatelink.snowflakecomputing.com")->account_label() == "o-a");
  CHECK(RegistryHost::parse("o-a.registry.snowflakecomputing.cn")->top_level_domain() == "cn");
}

TEST_CASE("a host that only looks like a registry is not one") {
  const auto* const host = GENERATE(
      "", " ", "/", "https://", "docker.io", "https://index.docker.io/v1/",
      "registry.snowflakecomputing.com",                   // no account
      ".registry.snowflakecomputing.com",                  // an empty label
      "a.b.registry.snowflakecomputing.com",               // two labels
      "o-a.snowflakecomputing.com",                        // the account itself
      "o-a.registry.snowflakecomputing.com.evil.example",  // ours is only the beginning
      "o-a.registry.snowflakecomputing.com@evil.example",  // ours is only the user
      "https://o-a.registry.snowflakecomputing.com@evil.example/",
      "https://evil.example/@o-a.registry.snowflakecomputing.com",   // ours is only the path
      "https://evil.example\\@o-a.registry.snowflakecomputing.com",  // programs disagree about this one
      "evil.example#.registry.snowflakecomputing.com", "o-aXregistry.snowflakecomputing.com",
      "o-a.registryXsnowflakecomputing.com", "o-a.registry.snowflakecomputing.mil",
      "o-a.registry.snowflakecomputing.com.cn", "o-a.registry.snowflakecomputing.com:444",
      "o-a.registry.snowflakecomputing.com:5000", "o-a.registry.xsnowflakecomputing.com",
      "o-a.xregistry.snowflakecomputing.com", "-o.registry.snowflakecomputing.com",
      "o-.registry.snowflakecomputing.com", "o a.registry.snowflakecomputing.com",
      "o\na.registry.snowflakecomputing.com",
      "\xd0\xbe-a.registry.snowflakecomputing.com",  // a Cyrillic o
      "[o-a.registry.snowflakecomputing.com]", "ftp://o-a.registry.snowflakecomputing.com");
  CAPTURE(host);
  CHECK_FALSE(RegistryHost::parse(host));
}

TEST_CASE("a label longer than DNS allows is not an account") {
  CHECK(RegistryHost::parse(std::string(63, 'a') + ".registry.snowflakecomputing.com"));
  CHECK_FALSE(RegistryHost::parse(std::string(64, 'a') + ".registry.snowflakecomputing.com"));
}

TEST_CASE(
    "a host outside Snowflake's domains is a registry only when the settings name it, including the port") {
  const std::vector<std::string> named = {"127.0.0.1:5055", "registry.example"};
  const auto host = RegistryHost::parse("http://127.0.0.1:5055/v2/", named);
  REQUIRE(host);
  CHECK(host->name() == "127.0.0.1:5055");
  CHECK(host->account_label().empty());
  CHECK(host->top_level_domain().empty());
  CHECK(RegistryHost::parse("Registry.Example:443", named));
  CHECK_FALSE(RegistryHost::parse("127.0.0.1:5056", named));
  CHECK_FALSE(RegistryHost::parse("127.0.0.1", named));
  CHECK_FALSE(RegistryHost::parse("x.registry.example", named));
  CHECK_FALSE(RegistryHost::parse("registry.example.evil.example", named));
}
