// SPDX-License-Identifier: Apache-2.0
#include "token/token_cache.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

namespace {

const auto cache_host = docker::RegistryHost::parse("o-a.registry.snowflakecomputing.com").value();
const auto other_host =
    docker::RegistryHost::parse("o-a.registry.privatelink.snowflakecomputing.com").value();
const token::StoreKey cache_login{
    .kind = "", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = "R"};

struct TokenCacheFixture {
  fakes::FakeClock clock;
  fakes::MemoryStores memory;
  token::TokenCache cache{memory.stores};

  token::RegistryToken token(const std::string& value = "T") const {
    return {base::Secret{value}, clock.now(), clock.now() + 3600s, "dev", "config"};
  }
  bool is_ready(const std::string& config = "config") {
    return token::find_ready_token(cache_host, config, *memory.stores.ready, clock.now()).has_value();
  }
};

}  // namespace

TEST_CASE("a token is ready as long as it is fresh and the configuration is the same") {
  TokenCacheFixture f;
  CHECK_FALSE(f.is_ready());
  f.cache.make_ready(cache_host, f.token());
  CHECK(f.is_ready());
  CHECK_FALSE(f.is_ready("another"));
  f.clock.advance(1801s);
  CHECK_FALSE(f.is_ready());
}

TEST_CASE("a store that fails counts as empty where a token may be ready") {
  TokenCacheFixture f;
  f.cache.make_ready(cache_host, f.token());
  f.memory.ready->broken = true;
  CHECK_FALSE(f.is_ready());
  CHECK_NOTHROW(f.cache.make_ready(cache_host, f.token()));
}

TEST_CASE("forgetting the token of a login erases it for every host, and no other login's") {
  TokenCacheFixture f;
  auto token = f.token();
  f.cache.save(cache_login, token);
  f.cache.make_ready(cache_host, token);
  f.cache.make_ready(other_host, token);
  auto joe = cache_login;
  joe.user = "JOE";
  auto his = f.token("his");
  f.cache.save(joe, his);
  f.cache.make_ready(docker::RegistryHost::parse("h:1", {"h:1"}).value(), his);
  f.cache.forget(cache_login);
  CHECK_FALSE(f.cache.find(cache_login));
  CHECK(f.cache.find(joe));
  CHECK(f.memory.ready->secrets.size() == 1);
}

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
  // The clock was set back by less than counts.
  CHECK(
      fakes::contains(lasting(3600s).credential_for("h", noon - 20s).secret.reveal(), "\"expires_in\":3600"));
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
