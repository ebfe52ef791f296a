// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include "base/masking.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

TEST_CASE("a password that is a part of a shown value is not masked there") {
  const auto connection = fakes::connection({{"role", "MASK_TEST_ROLE"}, {"password", "mask_test"}});
  connection.secret("password");
  CHECK(connection.occurs_in_shown_values("mask_test"));
  CHECK_FALSE(connection.occurs_in_shown_values("another"));
  CHECK(base::masked("role MASK_TEST_ROLE, mask_test") == "role MASK_TEST_ROLE, mask_test");
}

TEST_CASE("a value is to be set in the form in which it, or what it belongs to, was set") {
  config::Connection connection{.name = "dev", .fields = {}};
  const auto step = [&](const std::string& origin, const char* beside) {
    connection.origins = {};
    if (!origin.empty()) connection.origins[beside] = origin;
    return config::how_to_set(connection, "authenticator", "OAUTH", beside);
  };
  CHECK(step("", "token") == "set authenticator = \"OAUTH\" in the connection");
  CHECK(step("/home/jane/.snowflake/config.toml:3", "authenticator") ==
        "set authenticator = \"OAUTH\" in the connection");
  CHECK(step("SNOWFLAKE_CONNECTIONS:3", "authenticator") ==
        "set authenticator = \"OAUTH\" in the connection");
  CHECK(step("--authenticator", "authenticator") == "use --authenticator OAUTH");
  CHECK(step("--token", "token") == "use --authenticator OAUTH");
  CHECK(step("SNOWFLAKE_AUTHENTICATOR", "authenticator") == "set SNOWFLAKE_AUTHENTICATOR=OAUTH");
  CHECK(step("SNOWFLAKE_CONNECTIONS_DEV_TOKEN", "token") ==
        "set SNOWFLAKE_CONNECTIONS_DEV_AUTHENTICATOR=OAUTH");
  CHECK(config::name_of_value(connection, "authenticator", "token") ==
        "SNOWFLAKE_CONNECTIONS_DEV_AUTHENTICATOR");
  connection.name = "";
  CHECK(step("SNOWFLAKE_TOKEN", "token") == "set SNOWFLAKE_AUTHENTICATOR=OAUTH");
  CHECK(step("--token", "token") == "use --authenticator OAUTH");
}
