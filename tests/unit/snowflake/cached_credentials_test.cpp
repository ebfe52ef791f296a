// SPDX-License-Identifier: Apache-2.0
#include "snowflake/cached_credentials.hpp"

#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/session.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"
#include "support/stored_login.hpp"
#include "token/token_cache.hpp"

using namespace std::chrono_literals;

namespace {

struct CachedCredentialsFixture {
  fakes::FakeClock clock;
  base::Environment environment;
  fakes::MemoryStores memory;
  token::TieredStore& credentials = *memory.stores.credentials;

  snowflake::LoginIdentity login(const std::string& user, const std::string& role = "R") {
    return {fakes::connection({{"account", "o-a"}, {"user", user}, {"password", "p"}, {"role", role}}),
            environment};
  }
  void store_everything_of(const snowflake::LoginIdentity& owner) {
    fakes::store_everything_of(owner, memory, clock.now());
  }
};

}  // namespace

TEST_CASE("cached credentials are listed with their stores and expiry times") {
  CachedCredentialsFixture f;
  f.store_everything_of(f.login("jane"));
  f.store_everything_of(f.login("joe"));
  const auto cached = snowflake::cached_credentials(f.login("jane"), f.credentials);
  REQUIRE(cached.size() == 3);
  const std::map<std::string, base::TimePoint> expected = {{"registry-token", f.clock.now() + 1h},
                                                           {"session", f.clock.now() + 4h},
                                                           {"mfa-token", f.clock.now() + 3h}};
  for (const auto& credential : cached) {
    CHECK(credential.expires_at == expected.at(credential.kind));
    CHECK(credential.stores == std::vector<std::string>{"memory"});
  }
}

TEST_CASE("what only this process remembers is not cached") {
  CachedCredentialsFixture f;
  f.memory.credentials->broken = true;
  f.store_everything_of(f.login("jane"));
  CHECK(snowflake::cached_credentials(f.login("jane"), f.credentials).empty());
}

TEST_CASE("another role shares the stored credentials and nothing else") {
  CachedCredentialsFixture f;
  f.store_everything_of(f.login("jane"));
  const auto cached = snowflake::cached_credentials(f.login("jane", "OTHER"), f.credentials);
  REQUIRE(cached.size() == 1);
  CHECK(cached[0].kind == "mfa-token");
}
