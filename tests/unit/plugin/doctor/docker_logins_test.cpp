// SPDX-License-Identifier: Apache-2.0
#include "doctor/docker_logins.hpp"

#include "support/catch.hpp"

using namespace plugin::doctor;

TEST_CASE("a login is one that holds something, under any spelling of the host") {
  const std::string host = "a-b.registry.snowflakecomputing.com";
  const auto has = [&](const char* text) { return has_login(base::Json::parse(text), host); };
  CHECK(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":{"auth":"x"}}})"));
  CHECK(has(R"({"auths":{"https://A_B.registry.snowflakecomputing.com/v1/":{"identitytoken":"x"}}})"));
  CHECK_FALSE(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":{}}})"));
  CHECK_FALSE(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":7,"other.example":{"auth":"x"}}})"));
  CHECK_FALSE(has(R"({"auths":"x"})"));
  CHECK_FALSE(has("null"));
}
