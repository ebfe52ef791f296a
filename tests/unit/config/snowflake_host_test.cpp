// SPDX-License-Identifier: Apache-2.0
#include "config/snowflake_host.hpp"

#include "support/catch.hpp"

TEST_CASE("only names below Snowflake's domains are Snowflake's") {
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
