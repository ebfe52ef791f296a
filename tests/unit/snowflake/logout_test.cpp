// SPDX-License-Identifier: Apache-2.0
#include "snowflake/logout.hpp"

#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/registry_token.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"
#include "support/stored_login.hpp"
#include "token/token_cache.hpp"

using namespace std::chrono_literals;

namespace {

struct LogoutFixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  fakes::MemoryStores memory;
  fakes::TemporaryDirectory runtime;
  base::Environment environment;
  snowflake::SessionParts parts{environment,
                                clock,
                                http,
                                memory.stores,
                                {{runtime.path() / "locks"}, nullptr},
                                {"config", "config"},
                                base::Deadline{clock, 25s}};

  static config::Connection connection(const std::string& user, const std::string& role = "R") {
    return fakes::connection({{"account", "o-a"}, {"user", user}, {"password", "p"}, {"role", role}});
  }
  void store_everything_of(const config::Connection& of) {
    const auto token = fakes::store_everything_of({of, environment}, memory, clock.now());
    token::TokenCache{memory.stores}.make_ready(
        *docker::RegistryHost::parse("o-a.registry.snowflakecomputing.com"), token);
  }
};

}  // namespace

TEST_CASE("logging out keeps what belongs to another user, and records of refused logins") {
  LogoutFixture f;
  f.store_everything_of(f.connection("joe"));
  f.store_everything_of(f.connection("jane"));
  const auto refused = snowflake::LoginIdentity{f.connection("jane"), f.environment}.key_of("refused-login");
  f.memory.stores.credentials->save(refused, base::Secret{"{}"}, f.clock.now() + 15min);
  CHECK(snowflake::log_out(f.connection("jane"), f.parts));
  CHECK(f.memory.credentials->secrets.size() == 4);
  CHECK(f.memory.credentials->secrets.contains(refused));
  CHECK(f.memory.ready->secrets.empty());
  CHECK_FALSE(snowflake::log_out(f.connection("jane"), f.parts));
}

TEST_CASE("logging out erases the sessions in every role, and for a token that has changed since") {
  LogoutFixture f;
  f.store_everything_of(f.connection("jane"));
  f.store_everything_of(f.connection("jane", "OTHER"));
  CHECK(snowflake::log_out(f.connection("jane"), f.parts));
  CHECK(f.memory.credentials->secrets.empty());

  const auto with_token = [](const char* token) {
    return fakes::connection({{"account", "o-a"}, {"authenticator", "OAUTH"}, {"token", token}});
  };
  f.store_everything_of(with_token("old"));
  CHECK(snowflake::log_out(with_token("new"), f.parts));
  CHECK(f.memory.credentials->secrets.empty());
}

TEST_CASE("logging out takes the lock, and continues without it") {
  LogoutFixture f;
  f.store_everything_of(f.connection("jane"));
  const snowflake::LoginIdentity jane{f.connection("jane"), f.environment};
  const token::LoginLock other_process{f.parts.lock_locations,
                                       jane.subject(f.parts.config_fingerprint, f.environment),
                                       base::Deadline{f.clock, 1s}, f.clock};
  CHECK(snowflake::log_out(f.connection("jane"), f.parts));
  CHECK(f.memory.credentials->secrets.empty());
}
