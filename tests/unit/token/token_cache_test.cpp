// SPDX-License-Identifier: Apache-2.0
#include "token/token_cache.hpp"

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
