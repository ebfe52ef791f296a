// SPDX-License-Identifier: Apache-2.0
#include "snowflake/login.hpp"

#include "config/account.hpp"
#include "net/retry.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fake_prompter.hpp"

using base::Json;
using namespace std::chrono_literals;

namespace {

struct LoginFixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  fakes::FakePrompter prompter;
  config::Connection connection = fakes::connection({{"account", "o-a"}});
  net::RetryingClient patient{http, clock, base::Deadline{clock, 60s}, [] { return 0.5; }};
  snowflake::Api api{patient, clock, config::account_of(connection)};
  Json data = {{"LOGIN_NAME", "jane"},
               {"PASSWORD", "word"},
               {"SESSION_PARAMETERS", {{"CLIENT_REQUEST_MFA_TOKEN", true}}},
               {"TOKEN", "old"}};

  snowflake::Answer send(bool notifies_phone, ui::Prompter* user) {
    const snowflake::Call call{.endpoint = snowflake::login_endpoint,
                               .query = {{"roleName", "R"}},
                               .body = Json{{"data", data}},
                               .token = base::Secret{"None"},
                               .retry_mode = net::RetryMode::only_if_not_processed};
    return snowflake::with_second_factor(api, call, notifies_phone, user);
  }
  void next_action(const char* action, const char* context) {
    http.answer(200, Json{{"success", false},
                          {"code", "390124"},
                          {"message", "more"},
                          {"data", {{"nextAction", action}, {"inFlightCtx", context}}}}
                         .dump());
  }
  Json body(std::size_t request) const { return Json::parse(http.sent.at(request).body.reveal()); }
  std::string id(std::size_t request) const {
    const auto& url = http.sent.at(request).url;
    return url.substr(url.find("request_id="), 47);
  }
};

}  // namespace

TEST_CASE("a login without a second factor is sent once, without a prompt") {
  LoginFixture f;
  f.http.grant({{"token", "S"}});
  CHECK(f.send(false, &f.prompter).success);
  CHECK(f.http.sent.size() == 1);
  CHECK(f.http.sent[0].timeout == 60s);
  CHECK(f.prompter.waited_for.empty());
}

TEST_CASE("an approval is asked for with the same login and goes on without its proof") {
  LoginFixture f;
  const auto* action = GENERATE("EXT_AUTHN_DUO_ALL", "EXT_AUTHN_DUO_PUSH_N_PASSCODE");
  f.next_action(action, "ctx-1");
  f.next_action("EXT_AUTHN_SUCCESS", "ctx-2");
  f.http.grant({{"token", "S"}});
  CHECK(f.send(false, &f.prompter).success);
  REQUIRE(f.http.sent.size() == 3);
  auto push = f.data;
  push["EXT_AUTHN_DUO_METHOD"] = "push";
  CHECK(f.body(1) == Json{{"data", push}, {"inFlightCtx", "ctx-1"}});
  CHECK(f.body(2) == Json{{"data", {{"LOGIN_NAME", "jane"}}}, {"inFlightCtx", "ctx-2"}});
  for (const std::size_t request : {1U, 2U}) {
    CHECK(f.id(request) == f.id(0));
    CHECK(fakes::contains(f.http.sent[request].url, "roleName=R"));
    CHECK(f.http.sent[request].timeout == 180s);
    CHECK(f.http.sent[request].retry_mode == net::RetryMode::only_if_not_processed);
  }
  CHECK(f.prompter.waited_for == std::vector<std::string>{"approve the login on your phone"});
}

TEST_CASE("a request to a busy server is retried with the same id") {
  LoginFixture f;
  f.http.answer(503, "");
  f.next_action("EXT_AUTHN_DUO_ALL", "ctx");
  f.http.answer(503, "");
  f.http.grant({{"token", "S"}});
  CHECK(f.send(false, &f.prompter).success);
  REQUIRE(f.http.sent.size() == 4);
  CHECK(f.id(0) != f.id(1));
  CHECK(f.id(2) == f.id(1));
  CHECK(f.id(3) == f.id(1));
}

TEST_CASE("an approval may bring the session itself") {
  LoginFixture f;
  f.next_action("EXT_AUTHN_DUO_ALL", "ctx");
  f.http.grant({{"token", "S"}});
  CHECK(f.send(false, &f.prompter).success);
}

TEST_CASE("a login that rings by itself is waited for from the beginning") {
  LoginFixture f;
  f.http.grant({{"token", "S"}});
  f.send(true, &f.prompter);
  CHECK(f.http.sent[0].timeout == 180s);
  CHECK(f.prompter.waited_for ==
        std::vector<std::string>{"logging in", "if Snowflake asks, approve the login on your phone"});
}

TEST_CASE("without a user to approve, no phone rings, and the login is refused") {
  LoginFixture f;
  f.next_action("EXT_AUTHN_DUO_ALL", "ctx");
  const auto answer = f.send(false, nullptr);
  CHECK_FALSE(answer.success);
  CHECK(answer.code == "390124");
  CHECK(f.http.sent.size() == 1);
}

TEST_CASE("an answer without a session is a refusal, even if it claims success") {
  LoginFixture f;
  f.next_action("EXT_AUTHN_DUO_ALL", "ctx");
  f.http.grant({{"nextAction", "RETRY_LOGIN"}});
  CHECK_FALSE(f.send(false, &f.prompter).success);
  CHECK(f.http.sent.size() == 2);
}

TEST_CASE("an expired password has its own message") {
  LoginFixture f;
  f.next_action("PWD_CHANGE", "ctx");
  CHECK_THROWS_WITH(f.send(false, &f.prompter), "the password of the user has expired");
}
