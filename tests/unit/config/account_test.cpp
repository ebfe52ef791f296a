// SPDX-License-Identifier: Apache-2.0
#include "config/account.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

using fakes::connection;

TEST_CASE("the host of an account is the same as in the drivers") {
  struct Row {
    const char* region;
    const char* account;
    const char* host;
    const char* name;
  };
  const auto row = GENERATE(
      Row{"", "myorg-myacct", "myorg-myacct.snowflakecomputing.com", "myorg-myacct"},
      Row{"", "my_org-my_acct", "my_org-my_acct.snowflakecomputing.com", "my_org-my_acct"},
      Row{"", "xy12345", "xy12345.snowflakecomputing.com", "xy12345"},
      Row{"", "xy12345.us-east-1", "xy12345.us-east-1.snowflakecomputing.com", "xy12345"},
      Row{"", "xy12345.us-east-2.aws", "xy12345.us-east-2.aws.snowflakecomputing.com", "xy12345"},
      Row{"us-west-2", "xy12345", "xy12345.snowflakecomputing.com", "xy12345"},
      Row{"", "xy12345.us-west-2", "xy12345.us-west-2.snowflakecomputing.com", "xy12345"},
      Row{"eu-central-1", "xy12345", "xy12345.eu-central-1.snowflakecomputing.com", "xy12345"},
      Row{"eu-west-1", "xy12345.us-east-1", "xy12345.eu-west-1.snowflakecomputing.com", "xy12345"},
      Row{"", "xy12345.cn-northwest-1", "xy12345.cn-northwest-1.snowflakecomputing.cn", "xy12345"},
      Row{"cn-hangzhou", "xy12345", "xy12345.cn-hangzhou.snowflakecomputing.cn", "xy12345"},
      Row{"", "myorg-myacct.privatelink", "myorg-myacct.privatelink.snowflakecomputing.com", "myorg-myacct"},
      Row{"", "acct-ext123.global", "acct-ext123.global.snowflakecomputing.com", "acct"});
  CAPTURE(row.account, row.region);
  const auto account = config::account_of(connection({{"account", row.account}, {"region", row.region}}));
  CHECK(account.host == row.host);
  CHECK(account.name == row.name);
  CHECK(account.port == 443);
  CHECK(account.protocol == "https");
}

TEST_CASE("an explicit host wins, and replaces a missing account") {
  const auto account = config::account_of(connection({{"host", "Other-Acct.SnowflakeComputing.com"}}));
  CHECK(account.host == "other-acct.snowflakecomputing.com");
  CHECK(account.name == "other-acct");
  CHECK(config::account_of(connection({{"account", "a-b"}, {"host", "h.example"}, {"port", "8443"}})).port ==
        8443);
}

TEST_CASE("the registry host is in lower case with hyphens, also for private link and China") {
  const auto host = [](const std::map<std::string, std::string>& fields) {
    return config::registry_name_of(connection(fields)).host();
  };
  CHECK(host({{"account", "My_Org-My_Acct"}}) == "my-org-my-acct.registry.snowflakecomputing.com");
  CHECK(host({{"account", "o-a"}, {"host", "o-a.snowflakecomputing.cn"}}) ==
        "o-a.registry.snowflakecomputing.cn");
  CHECK(host({{"account", "o-a.privatelink"}}) == "o-a.registry.privatelink.snowflakecomputing.com");
  CHECK(config::registry_name_of(connection({{"account", "xy12345.us-east-1"}})).is_from_locator());
}

TEST_CASE("an invalid account is refused with the message of the Snowflake CLI") {
  const auto message = [](const std::map<std::string, std::string>& fields) {
    return std::string{fakes::error_of([&] { config::account_of(connection(fields)); }).what()};
  };
  CHECK(message({}).starts_with("251001: Account must be specified"));
  for (const char* account :
       {"a/b", "https://a-b.snowflakecomputing.com", "a b", "a..b", ".a", "a\\b", "\xc3\xa9"}) {
    CAPTURE(account);
    CHECK(message({{"account", account}}).starts_with("251001: Invalid account identifier"));
  }
  CHECK(message({{"account", "a-b"}, {"port", "x"}}).starts_with("port is not a number"));
  CHECK(message({{"account", "a-b"}, {"port", "70000"}}).starts_with("port is not a number"));
  CHECK(message({{"account", "a-b"}, {"host", "https://x"}}).starts_with("host is not a valid host name"));
}

TEST_CASE("plain http never leaves the machine") {
  CHECK(config::account_of(connection({{"account", "a"}, {"host", "127.0.0.1"}, {"protocol", "http"}}))
            .protocol == "http");
  CHECK_THROWS_AS(config::account_of(connection({{"account", "a-b"}, {"protocol", "http"}})), base::Error);
  CHECK_THROWS_AS(config::account_of(connection({{"account", "a-b"}, {"protocol", "ftp"}})), base::Error);
}

TEST_CASE("only names below Snowflake's domains are Snowflake hosts") {
  for (const char* host :
       {"o-a.snowflakecomputing.com", "o_a.eu-central-1.privatelink.snowflakecomputing.com",
        "o-a.snowflakecomputing.cn", "o-a.snowflakecomputing.mil"}) {
    CHECK(config::is_snowflake_host(host));
  }
  for (const char* host :
       {"", "snowflakecomputing.com", ".snowflakecomputing.com", "evilsnowflakecomputing.com",
        "o-a.snowflakecomputing.com.example", "o-a.snowflakecomputing.com.", "o-a.snowflakecomputing.org",
        "example/.snowflakecomputing.com", "127.0.0.1", "a..snowflakecomputing.com",
        "a[.snowflakecomputing.com"}) {
    CAPTURE(host);
    CHECK_FALSE(config::is_snowflake_host(host));
  }
}
