// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session.hpp"

#include <limits>
#include <tuple>

#include "config/account.hpp"
#include "snowflake/login.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

using base::Json;
using namespace std::chrono_literals;

using snowflake::SessionStatus;

namespace {

const Json login_answer = {
    {"token", "S1"}, {"masterToken", "M1"}, {"validityInSeconds", 3600}, {"masterValidityInSeconds", 14400}};

struct SessionFixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  fakes::MemoryStore store;
  config::Connection connection = fakes::connection(
      {{"account", "o-a"}, {"user", "jane"}, {"password", "word"}, {"role", "R"}, {"database", "d b"}});
  config::Account account = config::account_of(connection);
  snowflake::Api api{http, clock, account};
  base::Environment environment;

  snowflake::Session open() {
    return snowflake::open_session(api, {connection, account, environment, clock, http,
                                         snowflake::StoredCredentials{store, account.host, "JANE"}});
  }
  snowflake::Session session() {
    return {api, {base::Secret{"S1"}, base::Secret{"M1"}, clock.now() + 3600s, clock.now() + 14400s}, clock};
  }
  Json body(std::size_t request) const { return Json::parse(http.sent.at(request).body.reveal()); }
};

}  // namespace

TEST_CASE("a login says what the Snowflake CLI says, and sets the result format") {
  SessionFixture f;
  f.http.grant(login_answer);
  f.http.grant(nullptr);
  const auto session = f.open();
  CHECK(session.tokens().session.reveal() == "S1");
  CHECK(session.tokens().master_expires_at == f.clock.now() + 14400s);
  const auto& request = f.http.sent[0];
  CHECK(
      request.url.starts_with("https://o-a.snowflakecomputing.com:443/session/v1/login-request?request_id="));
  CHECK(fakes::contains(request.url, "&databaseName=d%20b"));
  CHECK(fakes::contains(request.url, "&roleName=R"));
  CHECK_FALSE(fakes::contains(request.url, "word"));
  CHECK(request.retry_mode == net::RetryMode::only_if_not_processed);
  const auto data = f.body(0)["data"];
  CHECK(data["CLIENT_APP_ID"] == "PythonConnector");
  CHECK(data["LOGIN_NAME"] == "jane");
  CHECK(data["PASSWORD"] == "word");
  CHECK_FALSE(data.contains("AUTHENTICATOR"));
  CHECK(f.body(1)["sqlText"] == "alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'");
  CHECK(f.http.sent[1].authorization.reveal() == "Snowflake Token=\"S1\"");
}

TEST_CASE("a registry token is issued with the master token and the old session token") {
  SessionFixture f;
  f.http.grant({{"sessionToken", "R1"}, {"validityInSecondsST", 3600}});
  snowflake::IssuedToken token;
  CHECK(f.session().issue_registry_token(token) == SessionStatus::done);
  CHECK(token.value.reveal() == "R1");
  CHECK(token.expires_at == f.clock.now() + 3600s);
  CHECK(f.http.sent[0].authorization.reveal() == "Snowflake Token=\"M1\"");
  CHECK(f.body(0) == Json{{"oldSessionToken", "S1"}, {"requestType", "ISSUE"}});
}

TEST_CASE("a session that can no longer issue tokens is distinguished from a refusal") {
  SessionFixture f;
  snowflake::IssuedToken token;
  for (const char* code : {"390112", "390111", "390104", "390113", "390114", "390115"}) {
    f.http.refuse(code, "gone");
    const auto status = f.session().issue_registry_token(token);
    CHECK(status ==
          (code == std::string{"390112"} ? SessionStatus::session_expired : SessionStatus::session_ended));
  }
  f.http.refuse("390400", "something else");
  CHECK_THROWS_AS(f.session().issue_registry_token(token), base::Error);
}

TEST_CASE("a refusal that no table explains names the other way to a token") {
  SessionFixture f;
  snowflake::IssuedToken token;
  f.http.refuse("390999", "no such request");
  const auto error = fakes::error_of([&] { std::ignore = f.session().issue_registry_token(token); });
  CHECK(error.what() == std::string{"390999: no such request"});
  CHECK(fakes::contains(error.hint(), "through = \"snow\""));
}

TEST_CASE("an issued token that is empty or has expired is an error, not a credential") {
  SessionFixture f;
  snowflake::IssuedToken token;
  f.http.grant({{"validityInSecondsST", 3600}});
  CHECK_THROWS_WITH(f.session().issue_registry_token(token),
                    "Snowflake reported success, but sent no registry token");
  f.http.grant({{"sessionToken", "R"}, {"validityInSecondsST", 0}});
  CHECK_THROWS_WITH(f.session().issue_registry_token(token),
                    "Snowflake issued a registry token that had already expired");
}

TEST_CASE("a registry token that could not be in a header is an error, not a credential") {
  SessionFixture f;
  snowflake::IssuedToken token;
  const std::string value = GENERATE("a b", "a\r\nX: y", "t\u00E9", "\x1b[31m");
  f.http.grant({{"sessionToken", value}, {"validityInSecondsST", 3600}});
  CHECK_THROWS_WITH(f.session().issue_registry_token(token), "Snowflake's registry token is malformed");
}

TEST_CASE("malformed session tokens count as none, and lifetimes have limits") {
  const base::TimePoint now{std::chrono::seconds{1'000'000}};
  const auto tokens_of = [&](const base::Json& data) {
    return snowflake::tokens_in(data, "token", "life", "master", "masterLife", now);
  };
  CHECK(tokens_of({{"token", "a\r\nX: y"}, {"master", "m"}}).session.empty());
  CHECK(tokens_of({{"token", "s"}, {"master", "m\u00E9"}}).master.empty());
  for (const std::int64_t life : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}}) {
    CHECK(tokens_of({{"token", "s"}, {"life", life}}).session_expires_at == now);
  }
  CHECK(tokens_of({{"token", "s"}, {"life", std::numeric_limits<std::int64_t>::max()}}).session_expires_at >
        now);
}

TEST_CASE("a renewal replaces both tokens") {
  SessionFixture f;
  f.http.grant({{"sessionToken", "S2"},
                {"masterToken", "M2"},
                {"validityInSecondsST", 3600},
                {"validityInSecondsMT", 14400}});
  auto session = f.session();
  session.renew();
  CHECK(session.tokens().session.reveal() == "S2");
  CHECK(session.tokens().master.reveal() == "M2");
  CHECK(f.body(0)["requestType"] == "RENEW");
}

TEST_CASE("the record of a session is parsed again, and nothing else is") {
  SessionFixture f;
  const auto record = f.session().tokens().to_record();
  const auto tokens = snowflake::SessionTokens::from_record(record);
  REQUIRE(tokens);
  CHECK(tokens->master.reveal() == "M1");
  CHECK(tokens->session_expires_at == f.clock.now() + 3600s);
  for (const char* text :
       {"", "{}", "nonsense", "[]", R"({"version":3,"session":"a","master":"b"})",
        R"({"version":2,"session":"","master":"b"})", R"({"version":2,"session":1,"master":2})"}) {
    CAPTURE(text);
    CHECK_FALSE(snowflake::SessionTokens::from_record(base::Secret{text}));
  }
}

TEST_CASE("a session is ended with its own token, after a renewal if that has expired") {
  SessionFixture f;
  f.http.grant(nullptr);
  CHECK(f.session().end());
  CHECK(f.http.sent[0].method == "POST");
  CHECK(fakes::contains(f.http.sent[0].url, "/session?requestId="));
  CHECK(fakes::contains(f.http.sent[0].url, "&delete=true"));
  CHECK(f.http.sent[0].authorization.reveal() == "Snowflake Token=\"S1\"");
  f.http.refuse("390112", "expired");
  f.http.grant({{"sessionToken", "S2"}, {"masterToken", "M2"}});
  f.http.grant(nullptr);
  CHECK(f.session().end());
  CHECK(f.http.sent[3].authorization.reveal() == "Snowflake Token=\"S2\"");
}

TEST_CASE("a session that has already ended need not be ended") {
  SessionFixture f;
  f.http.refuse("390111", "gone");
  CHECK_FALSE(f.session().end());
  f.http.refuse("390112", "expired");
  f.http.refuse("390114", "the master, too");
  CHECK_FALSE(f.session().end());
  f.http.refuse("390400", "what?");
  CHECK_THROWS_AS(f.session().end(), base::Error);
}

TEST_CASE("an adopted session gets a heartbeat, and is renewed when its token has expired") {
  SessionFixture f;
  f.connection.fields.emplace("session_token", base::Secret{"S1"});
  f.connection.fields.emplace("master_token", base::Secret{"M1"});
  const auto adopt = [&] { return f.open(); };
  f.http.grant(nullptr);
  f.http.grant(nullptr);
  CHECK(adopt().tokens().session.reveal() == "S1");
  CHECK(fakes::contains(f.http.sent[0].url, "/session/heartbeat"));
  f.http.refuse("390112", "expired");
  f.http.grant({{"sessionToken", "S2"}, {"masterToken", "M2"}});
  f.http.grant(nullptr);
  CHECK(adopt().tokens().session.reveal() == "S2");
  f.http.refuse("390104", "unknown");
  CHECK(fakes::contains(fakes::error_of(adopt).what(), "Session and master tokens invalid"));
  f.http.fail(net::NoAnswer::Reason::cut_off);
  CHECK(fakes::error_of(adopt).kind() == base::Kind::network);
}
