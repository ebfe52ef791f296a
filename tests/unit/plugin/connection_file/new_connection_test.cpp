// SPDX-License-Identifier: Apache-2.0
#include "connection_file/new_connection.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using plugin::connection_file::account_in;
using plugin::connection_file::LoginMethod;
using plugin::connection_file::NewConnection;

TEST_CASE("an account is found in whatever a user pastes") {
  const auto* text =
      GENERATE("myorg-myacct", " MYORG-MyAcct ", "\"myorg-myacct\"", "'myorg-myacct' ", "myorg.myacct",
               "https://app.snowflake.com/myorg/myacct/#/worksheets", "app.snowflake.com/MYORG/MYACCT/",
               "https://myorg-myacct.snowflakecomputing.com", "myorg-myacct.snowflakecomputing.com:443/",
               "myorg-myacct.registry.snowflakecomputing.com",
               "myorg-myacct.registry.snowflakecomputing.com/db/schema/repo/app:1");
  CAPTURE(text);
  CHECK(account_in(text) == "myorg-myacct");
  CHECK(plugin::connection_file::host_in(text, "myorg-myacct").empty());
}

TEST_CASE("a private link and an account in China are recognized") {
  CHECK(account_in("https://myorg-myacct.privatelink.snowflakecomputing.com/console/login?x=1") ==
        "myorg-myacct.privatelink");
  CHECK(account_in("https://app-myorg-myacct.privatelink.snowflakecomputing.com/myorg/myacct/#/homepage") ==
        "myorg-myacct.privatelink");
  CHECK(plugin::connection_file::host_in("https://myorg-china.snowflakecomputing.cn", "myorg-china") ==
        "myorg-china.snowflakecomputing.cn");
}

TEST_CASE("a locator is distinguished from an identifier, with the query that returns the identifier") {
  const auto* text = GENERATE(
      "xy12345", "xy12345.eu-central-1", "xy12345.west-europe.azure",
      "xy12345.eu-central-1.snowflakecomputing.com", "https://app.snowflake.com/eu-central-1.aws/xy12345/",
      "https://app.snowflake.com/us-east-1/xy12345/#/homepage", "https://xy12345.snowflakecomputing.com");
  CAPTURE(text);
  const auto error = fakes::error_of([&] { account_in(text); });
  CHECK(fakes::contains(error.what(), "account locator"));
  CHECK(fakes::contains(error.hint(), "CURRENT_ORGANIZATION_NAME"));
}

TEST_CASE("text that is not an account is refused") {
  const auto* text = GENERATE("", " ", "my org", "a/b", "https://app.snowflake.com/", "jane@example.com",
                              "a;b", "-", "myorg-", "-myacct");
  CAPTURE(text);
  CHECK(fakes::error_of([&] { account_in(text); }).kind() == base::Kind::usage);
}

TEST_CASE("a connection is added at the end, in the form of its file, and its secret is not shown") {
  const NewConnection connection{.name = "dev",
                                 .account = "myorg-myacct",
                                 .host = {},
                                 .user = "ja\"ne",
                                 .role = "PUSHER",
                                 .method = LoginMethod::access_token,
                                 .secret = base::Secret{"hunter2"},
                                 .private_key = {},
                                 .passphrase = {},
                                 .token_file = {},
                                 .database = {},
                                 .schema = {}};
  CHECK(plugin::connection_file::with_connection("", "/h/connections.toml", connection) ==
        "[dev]\naccount = \"myorg-myacct\"\nuser = \"ja\\\"ne\"\nauthenticator = "
        "\"PROGRAMMATIC_ACCESS_TOKEN\"\n"
        "token = \"hunter2\"\nrole = \"PUSHER\"\n");
  const auto text = plugin::connection_file::with_connection("[cli]\nx = 1", "/h/config.toml", connection);
  CHECK(text.starts_with("[cli]\nx = 1\n\n[connections.dev]\n"));
  CHECK_FALSE(
      fakes::contains(plugin::connection_file::toml_of(connection, "/h/config.toml", false), "hunter2"));
  const auto error =
      fakes::error_of([&] { plugin::connection_file::with_connection(text, "/h/config.toml", connection); });
  CHECK(fakes::contains(error.what(), "already"));
}

TEST_CASE("a key file stays beside the connection file, whatever the name of the connection") {
  using plugin::connection_file::key_file_for;
  CHECK(key_file_for("dev", "/h/connections.toml") == "/h/keys/dev.p8");
  CHECK(key_file_for("../../etc/x", "/h/config.toml") == "/h/keys/______etc_x.p8");
}
