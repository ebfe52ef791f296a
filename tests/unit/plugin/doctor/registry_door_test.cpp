// SPDX-License-Identifier: Apache-2.0
#include "doctor/registry_door.hpp"

#include "doctor/docker_logins.hpp"
#include "support/catch.hpp"

using namespace plugin::doctor;

TEST_CASE("a challenge names where tokens are made, and for which service") {
  CHECK(realm_in(R"(Bearer realm="https://h/v2/token",service="h")") == "https://h/v2/token?service=h");
  CHECK(realm_in(R"(bearer service="a b",realm="https://h/t?x=1")") == "https://h/t?x=1&service=a%20b");
  CHECK(realm_in(R"(Bearer realm="https://h/t")") == "https://h/t");
  CHECK(realm_in(R"(Basic realm="h")").empty());
  CHECK(realm_in("Bearer").empty());
  CHECK(realm_in(R"(Bearer realm="https://cut)") == "https://cut");
}

TEST_CASE("the words of a refusal are the registry's own") {
  const auto answer = [](int status, std::string_view body) {
    return words_of(net::HttpResponse{status, {}, base::Secret{body}});
  };
  CHECK(answer(401, R"({"errors":[{"code":"X","message":"no"}]})") == "HTTP status 401, no");
  for (const char* body : {"", "<html>", "[]", R"({"errors":[]})", R"({"errors":"x"})", R"({"errors":[7]})"})
    CHECK(answer(502, body) == "HTTP status 502");
}

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
