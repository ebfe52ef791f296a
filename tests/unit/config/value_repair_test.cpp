// SPDX-License-Identifier: Apache-2.0
#include "config/value_repair.hpp"

#include "config/account.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"

namespace {

std::string repaired(const std::string& key, const std::string& value) {
  config::Connection connection;
  config::set_value(connection, key, base::Secret{value}, "test");
  return connection.text(key);
}

}  // namespace

TEST_CASE("what stands around a value and cannot belong to it is removed") {
  const std::string key =
      GENERATE("user", "role", "account", "host", "token", "authenticator", "private_key_file");
  const std::string around = GENERATE("{}", " {}", "{} ", "{}\n", "{}\r\n", "\uFEFF{}", "{}\u00A0",
                                      "{}\u200B", "'{}'", "\u201C{}\u201D", " '{}' ");
  CAPTURE(key, around);
  std::string value = around;
  value.replace(value.find("{}"), 2, "jane-1");
  CHECK(repaired(key, value) == "jane-1");
}

TEST_CASE("passwords and keys are not changed, and identifiers may be in double quotes") {
  CHECK(repaired("password", " \"x\" ") == " \"x\" ");
  CHECK(repaired("private_key_raw", "-----BEGIN\n") == "-----BEGIN\n");
  CHECK(repaired("role", "\"My Role\"") == "\"My Role\"");
  CHECK(repaired("user", "\"jane\"") == "jane");
}

TEST_CASE("an account is found in the addresses that people copy") {
  const std::string text = GENERATE(
      "myorg-myacct", "https://myorg-myacct.snowflakecomputing.com", "myorg-myacct.snowflakecomputing.com.",
      "https://myorg-myacct.snowflakecomputing.com/console/login?x=1",
      "myorg-myacct.snowflakecomputing.com:443", "myorg-myacct.registry.snowflakecomputing.com",
      "https://app.snowflake.com/myorg/myacct/worksheets", "myorg-myacct/", "https://myorg-myacct",
      "jdbc:snowflake://myorg-myacct.snowflakecomputing.com/?user=jane", "snowflake://myorg-myacct/DB",
      "myorg\u2011myacct", "myorg\u2013myacct.snowflakecomputing.com", "myorg\u2212myacct",
      "myorg-myacct.registry", "myorg-myacct.snowflakecomputing.com.snowflakecomputing.com");
  CAPTURE(text);
  CHECK(repaired("account", text) == "myorg-myacct");
  CHECK(repaired("account", "https://xy12345.eu-central-1.snowflakecomputing.com") == "xy12345.eu-central-1");
  CHECK(repaired("account", "myorg-myacct.privatelink.snowflakecomputing.com") == "myorg-myacct.privatelink");
  CHECK(repaired("account", "myorg-myacct.registry.privatelink.snowflakecomputing.com") ==
        "myorg-myacct.privatelink");
  CHECK(
      repaired("account", "https://app-myorg-my_acct.privatelink.snowflakecomputing.com/myorg/my_acct/#/x") ==
      "myorg-my_acct.privatelink");
  CHECK(repaired("account", "app-acct.privatelink.snowflakecomputing.com") == "app-acct.privatelink");
  CHECK(repaired("account", "myorg/myacct") == "myorg/myacct");
  // A region, not an organization: their names have no hyphens.
  CHECK(repaired("account", "https://app.snowflake.com/eu-west-1/xy12345/#/homepage") == "xy12345.eu-west-1");
  CHECK(repaired("account", "app.snowflake.com/eu-central-1.aws/xy12345/") == "xy12345.eu-central-1.aws");
}

TEST_CASE("a repaired value needs no other repair") {
  for (const std::string text :
       {"&\t??", "o-a /x", "'o-a' /x", "https://https://o-a", "\" o-a\u200B.\"", "o-a.:443"}) {
    for (const char* key : {"account", "host", "role", "private_key_file"}) {
      CAPTURE(text, key);
      const auto once = repaired(key, text);
      CHECK(repaired(key, once) == once);
    }
  }
}

TEST_CASE("a URL of a file is its path") {
  CHECK(repaired("private_key_file", "file:///home/jane/key.p8") == "/home/jane/key.p8");
  CHECK(repaired("token_file_path", "'file:///run/token'") == "/run/token");
  CHECK(repaired("private_key_file", "file://host/key.p8") == "file://host/key.p8");
}

TEST_CASE("an account in another domain keeps it") {
  config::Connection connection;
  config::set_value(connection, "account", base::Secret{"myorg-china.snowflakecomputing.cn"}, "test");
  CHECK(connection.text("host") == "myorg-china.snowflakecomputing.cn");
  CHECK(config::registry_name_of(connection).host() == "myorg-china.registry.snowflakecomputing.cn");
}

TEST_CASE("a host loses its scheme, path and port, and the name of the registry") {
  config::Connection connection;
  config::set_value(connection, "host", base::Secret{"https://h.example:8443/x"}, "test");
  CHECK(connection.text("host") == "h.example");
  CHECK(connection.text("port") == "8443");
  CHECK(repaired("host", "myorg-myacct.registry.snowflakecomputing.com") ==
        "myorg-myacct.snowflakecomputing.com");
  CHECK(repaired("host", "[::1]") == "[::1]");
}

TEST_CASE("the next step after a refused password names what is around it") {
  CHECK(config::next_step_for_password("hunter2 ").find("space") != std::string::npos);
  CHECK(config::next_step_for_password("\"hunter2\"").find("quotes") != std::string::npos);
  CHECK(config::next_step_for_password("hunter 2").empty());
  CHECK(config::next_step_for_password("/run/secrets/password").find("path of a file") != std::string::npos);
  CHECK(config::next_step_for_password("ver:1-hint:2-ETMs").find("session token") != std::string::npos);
}
