// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session_cache.hpp"

#include "snowflake/registry_token.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;
using base::Json;
using base::Kind;
using snowflake::Refresh;

namespace {

const auto host = docker::RegistryHost::parse("o-a.registry.snowflakecomputing.com").value();

struct SessionCacheFixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  fakes::MemoryStores memory;
  fakes::TemporaryDirectory runtime;
  std::shared_ptr<fakes::MemoryStore> refusals = std::make_shared<fakes::MemoryStore>();
  base::Environment environment;
  std::map<std::string, std::string> fields{{"account", "o-a"}, {"user", "jane"}, {"password", "word"}};
  std::string config = "config";

  token::LockLocations places() const { return {{runtime.path() / "locks"}, refusals}; }
  snowflake::SessionCache session() {
    return {fakes::connection(fields),
            {environment, clock, http, memory.stores, places(), {config, ""}, base::Deadline{clock, 25s}}};
  }
  std::string token(Refresh refresh = Refresh::when_stale, bool ready = true) {
    auto login = session();
    return std::string{snowflake::registry_token(login, ready ? &host : nullptr, refresh).value.reveal()};
  }
  base::Error refused(Refresh refresh = Refresh::when_stale) {
    return fakes::error_of([&] { token(refresh); });
  }
  std::string ready() {
    const auto token = token::find_ready_token(host, config, *memory.stores.ready, clock.now());
    return token ? std::string{token->value.reveal()} : "";
  }
  void grant_login() {
    http.grant({{"token", "S"},
                {"masterToken", "M"},
                {"validityInSeconds", 3600},
                {"masterValidityInSeconds", 14400}});
    http.grant(nullptr);
  }
  void grant_renewal() {
    http.grant({{"sessionToken", "S2"},
                {"masterToken", "M2"},
                {"validityInSecondsST", 3600},
                {"validityInSecondsMT", 14400}});
  }
  void grant_token(const std::string& token) {
    http.grant({{"sessionToken", token}, {"validityInSecondsST", 3600}});
  }
  std::string first_token() {
    grant_login();
    grant_token("R1");
    return token();
  }
  token::LoginLock other_process() {
    return {
        places(),
        snowflake::LoginIdentity{fakes::connection(fields), environment}.subject({config, ""}, environment),
        base::Deadline{clock, 1s}, clock};
  }
};

}  // namespace

TEST_CASE("a token takes three requests, with a cached session one, and with a cached token none") {
  SessionCacheFixture f;
  CHECK(f.first_token() == "R1");
  CHECK(f.http.sent.size() == 3);
  CHECK(f.ready() == "R1");
  CHECK(f.token() == "R1");
  f.grant_token("R2");
  CHECK(f.token(Refresh::token) == "R2");
  CHECK(f.http.sent.size() == 4);
  CHECK(f.ready() == "R2");
}

TEST_CASE("a session that has expired is renewed, and one that cannot be renewed is replaced") {
  SessionCacheFixture f;
  f.first_token();
  f.http.refuse("390112", "expired");
  f.grant_renewal();
  f.grant_token("R2");
  CHECK(f.token(Refresh::token) == "R2");
  CHECK(f.http.sent.size() == 6);
  f.http.refuse("390112", "expired");
  f.http.refuse("390114", "the master, too");
  f.grant_login();
  f.grant_token("R3");
  CHECK(f.token(Refresh::token) == "R3");
  CHECK(f.http.left() == 0);
}

TEST_CASE("when a session has ended, the registry token that came from it is dropped") {
  SessionCacheFixture f;
  f.first_token();
  f.http.refuse("390104", "the session is not known");
  f.grant_login();
  f.http.grant({{"rowtype", Json::array()}, {"rowset", Json::array()}});
  f.session().run("select 1");
  CHECK(f.ready().empty());
  f.grant_token("R2");
  CHECK(f.token() == "R2");
}

TEST_CASE("a refused login drops the registry token only if the session has ended, too") {
  SessionCacheFixture f;
  f.first_token();
  f.http.refuse("390103", "disabled");
  SECTION("the session has ended") {
    f.http.refuse("390111", "gone");
    CHECK(fakes::contains(f.refused(Refresh::login).what(), "390103"));
    CHECK(f.ready().empty());
  }
  SECTION("the session goes on") {
    f.http.grant(nullptr);
    CHECK(fakes::contains(f.refused(Refresh::login).what(), "390103"));
    CHECK(f.ready() == "R1");
  }
  SECTION("the network fails") {
    f.http.fail(net::NoAnswer::Reason::cut_off);
    CHECK(fakes::contains(f.refused(Refresh::login).what(), "390103"));
    CHECK(f.ready() == "R1");
  }
}

TEST_CASE(
    "a session that ends as soon as it is opened causes one login only, and an error with Snowflake's "
    "message") {
  SessionCacheFixture f;
  f.grant_login();
  f.http.refuse("390104", "no such session");
  const auto error = f.refused();
  CHECK(error.kind() == Kind::denied);
  CHECK(fakes::contains(error.what(), "390104: no such session"));
  CHECK(f.http.left() == 0);
}

TEST_CASE("a network error never causes a new login") {
  SessionCacheFixture f;
  f.first_token();
  f.http.fail(net::NoAnswer::Reason::cut_off);
  CHECK(f.refused(Refresh::token).kind() == Kind::network);
  f.http.answer(403, "");
  CHECK(f.refused(Refresh::token).consequences().transient);
  f.http.refuse("390422", "not from here");
  CHECK(f.refused(Refresh::token).consequences().transient);
  CHECK(f.http.sent.size() == 6);
}

TEST_CASE("a new session is cached before it is used, in case the process is killed") {
  SessionCacheFixture f;
  f.grant_login();
  f.http.fail(net::NoAnswer::Reason::cut_off);
  f.refused();
  f.grant_token("R1");
  CHECK(f.token() == "R1");
}

TEST_CASE("a token past half of its lifetime is replaced, or returned when that is not possible") {
  SessionCacheFixture f;
  f.first_token();
  f.clock.advance(1801s);
  CHECK(f.ready().empty());
  SECTION("replaced") {
    f.grant_token("R2");
    CHECK(f.token() == "R2");
  }
  SECTION("without the network") {
    f.http.fail(net::NoAnswer::Reason::cut_off);
    CHECK(f.token() == "R1");
    f.clock.advance(1800s);
    f.http.fail(net::NoAnswer::Reason::cut_off);
    CHECK(f.refused().kind() == Kind::network);
  }
  SECTION("while another process logs in") {
    const auto other = f.other_process();
    const auto begin = f.clock.steady();
    CHECK(f.token() == "R1");
    CHECK(f.clock.steady() - begin < 25s);
  }
}

TEST_CASE("a lock that another process never releases is an error, and does not cause a second login") {
  SessionCacheFixture f;
  const auto other = f.other_process();
  CHECK(f.refused().kind() == Kind::busy);
  CHECK(f.http.sent.empty());
}

TEST_CASE("a changed configuration that selects the same login does not need a new token") {
  SessionCacheFixture f;
  f.first_token();
  f.config = "other";
  CHECK(f.ready().empty());
  CHECK(f.token() == "R1");
  CHECK(f.ready() == "R1");
}

TEST_CASE("a token of another role does not become the one that is ready for the host") {
  SessionCacheFixture f;
  f.first_token();
  f.fields["role"] = "OTHER";
  f.grant_login();
  f.grant_token("R2");
  CHECK(f.token(Refresh::when_stale, false) == "R2");
  CHECK(f.ready() == "R1");
}

TEST_CASE("a wrong password is not sent again until the user asks for it, it changes, or time passes") {
  SessionCacheFixture f;
  f.http.refuse("390100", "wrong");
  CHECK(f.refused().consequences().counted);
  CHECK(fakes::contains(f.refused().what(), "next attempt in 15 minutes"));
  CHECK(f.http.sent.size() == 1);
  SECTION("a user asks") {
    f.grant_login();
    f.grant_token("R1");
    CHECK(f.token(Refresh::login) == "R1");
  }
  SECTION("files, variables and the role change, and then the password") {
    f.config = "other";
    f.fields["role"] = "PUSHER";
    f.fields["warehouse"] = "W";
    CHECK(fakes::contains(f.refused().what(), "next attempt in 15 minutes"));
    CHECK(f.http.sent.size() == 1);
    f.fields["password"] = "right";
    CHECK(f.first_token() == "R1");
  }
  SECTION("time passes") {
    f.clock.advance(15min);
    CHECK(f.first_token() == "R1");
  }
}

TEST_CASE("without any store a token is returned, too, and one process logs in once") {
  SessionCacheFixture f;
  f.memory.ready->broken = f.memory.credentials->broken = f.refusals->broken = true;
  CHECK(f.first_token() == "R1");
  CHECK(f.token() == "R1");
  CHECK(f.session().tokens().session.reveal() == "S");
  CHECK(f.http.sent.size() == 3);
}

TEST_CASE("a session and its registry token go to the connection with the schema that it changes to") {
  SessionCacheFixture f;
  f.memory.credentials->broken = f.memory.ready->broken = GENERATE(false, true);
  f.first_token();
  SECTION("that may be used") {
    f.http.grant({{"rowtype", Json::array()}, {"rowset", Json::array()}});
    f.session().use_schema("DB", "SC");
    CHECK(fakes::contains(f.http.sent.back().body.reveal(), "use schema DB.SC"));
    CHECK(f.ready().empty());
    f.fields["database"] = "DB";
    f.fields["schema"] = "SC";
    CHECK(f.token() == "R1");
    CHECK(f.session().context().schema == "SC");
    CHECK(f.http.left() == 0);
    f.fields.erase("database");
    f.fields.erase("schema");
    f.grant_login();
    f.grant_token("R2");
    CHECK(f.token() == "R2");
  }
  SECTION("that may not be used") {
    f.http.refuse("002043", "no such object");
    CHECK_THROWS_AS(f.session().use_schema("DB", "SC"), base::Error);
    CHECK(f.token() == "R1");
  }
}

TEST_CASE("a session and its registry token go to the connection with another authenticator") {
  SessionCacheFixture f;
  f.memory.credentials->broken = f.memory.ready->broken = GENERATE(false, true);
  f.first_token();
  f.session().use_authenticator("username_password_mfa");
  f.fields["authenticator"] = "username_password_mfa";
  CHECK(f.token() == "R1");
  CHECK(f.http.left() == 0);
}

TEST_CASE("when the user asks for a new token, no host gets the old one any more") {
  SessionCacheFixture f;
  CHECK(f.first_token() == "R1");
  f.grant_login();
  f.grant_token("R2");
  CHECK(f.token(Refresh::login, false) == "R2");
  CHECK(f.ready().empty());
}
