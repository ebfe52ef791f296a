// SPDX-License-Identifier: Apache-2.0
#include "token/registry_token.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using token::RegistryToken;

namespace {

constexpr base::TimePoint noon{1'800'000'000s};

RegistryToken lasting(std::chrono::seconds life) {
  return {base::Secret{"ver:1-hint:7-ETMs+/="}, noon, noon + life, "dev", "0123", "4567"};
}

}  // namespace

TEST_CASE("a token is fresh while at least half of its lifetime is left") {
  const auto token = lasting(3600s);
  CHECK(token.fresh_at(noon));
  CHECK(token.fresh_at(noon + 1800s));
  CHECK_FALSE(token.fresh_at(noon + 1801s));
  CHECK(token.valid_at(noon + 3599s));
  CHECK_FALSE(token.valid_at(noon + 3600s));
}

TEST_CASE("a token of five seconds is valid for five seconds") {
  const auto token = lasting(5s);
  CHECK(token.fresh_at(noon + 2s));
  CHECK_FALSE(token.fresh_at(noon + 3s));
  CHECK(token.valid_at(noon + 4s));
  CHECK_FALSE(token.valid_at(noon + 5s));
}

TEST_CASE("a token is not valid when the clock was set back to before it was issued") {
  const auto token = lasting(3600s);
  CHECK(token.fresh_at(noon - 30s));
  CHECK_FALSE(token.fresh_at(noon - 31s));
  CHECK_FALSE(token.valid_at(noon - 24h));
}

TEST_CASE("a credential has the user name and the JSON that Snowflake's registry requires") {
  const auto credential = lasting(3600s).credential_for("https://host", noon + 600s);
  CHECK(credential.server_url == "https://host");
  CHECK(credential.username == "0sessiontoken");
  CHECK(base::parse_json(credential.secret.reveal()).value() ==
        base::Json{{"token", "ver:1-hint:7-ETMs+/="}, {"expires_in", 3000}});
}

TEST_CASE("a record is parsed to the same token") {
  const auto token = RegistryToken::from_record(lasting(3600s).to_record());
  REQUIRE(token);
  CHECK(token->value.reveal() == "ver:1-hint:7-ETMs+/=");
  CHECK(token->issued_at == noon);
  CHECK(token->expires_at == noon + 3600s);
  CHECK(token->connection == "dev");
  CHECK(token->config_fingerprint == "0123");
  CHECK(token->login == "4567");
}

TEST_CASE("a record that this version cannot read counts as absent") {
  const auto* const record = GENERATE(
      "", "not JSON", "[]", "null", "{}", R"({"version":2,"token":"t","issued_at":1,"expires_at":2})",
      R"({"version":1,"token":"","issued_at":1,"expires_at":2})",
      R"({"version":1,"token":"t","issued_at":1})", R"({"version":1,"token":7,"issued_at":1,"expires_at":2})",
      R"({"version":1,"token":"t","issued_at":1,"expires_at":99999999999999999999})");
  CAPTURE(record);
  CHECK_FALSE(RegistryToken::from_record(base::Secret{record}));
}
