// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/login.hpp"

using base::Json;
using namespace std::chrono_literals;

namespace {

struct PasswordFixture : fakes::Login {
  PasswordFixture() : Login(Fields{{"password", "word"}, {"authenticator", "username_password_mfa"}}) {}
};

}  // namespace

TEST_CASE("an MFA token is requested, stored for its lifetime, and sent instead of ringing") {
  PasswordFixture f;
  f.grant_session({{"mfaToken", "T"}, {"mfaTokenValidityInSeconds", 100}});
  f.log_in(&f.prompter);
  CHECK(f.data()["SESSION_PARAMETERS"]["CLIENT_REQUEST_MFA_TOKEN"] == true);
  CHECK_FALSE(f.data().contains("TOKEN"));
  CHECK(f.prompter.waited_for.front() == "logging in");
  REQUIRE(f.store.secrets.size() == 1);
  CHECK(snowflake::StoredCredentials::expiry_of(f.store.secrets.begin()->second) == f.clock.now() + 100s);
  f.http.sent.clear();
  f.grant_session();
  f.log_in(nullptr);
  CHECK(f.data()["TOKEN"] == "T");
  CHECK(f.http.sent[0].timeout == 60s);
}

TEST_CASE("an MFA token without a lifetime is stored for the maximum lifetime") {
  PasswordFixture f;
  f.grant_session({{"mfaToken", "T"}});
  f.log_in(&f.prompter);
  CHECK(snowflake::StoredCredentials::expiry_of(f.store.secrets.begin()->second) == f.clock.now() + 4h);
}

TEST_CASE("without a user, a token or a passcode nothing is sent") {
  PasswordFixture f;
  const auto error = fakes::error_of([&] { f.log_in(nullptr); });
  CHECK(error.kind() == base::Kind::login_required);
  CHECK(error.hint() == "docker snowflake login -c dev");
  CHECK(f.http.sent.empty());
}

TEST_CASE("a passcode needs no user, on its own or in the password") {
  PasswordFixture f;
  f.grant_session();
  SECTION("apart") {
    f.fields["passcode"] = "123456";
    f.log_in(nullptr);
    CHECK(f.data()["PASSCODE"] == "123456");
  }
  SECTION("in the password") {
    f.fields["passcode_in_password"] = "true";
    f.log_in(nullptr);
    CHECK_FALSE(f.data().contains("PASSCODE"));
  }
  CHECK(f.data()["EXT_AUTHN_DUO_METHOD"] == "passcode");
}

TEST_CASE("a passcode is asked for when the phone must not ring, unless there is an MFA token") {
  PasswordFixture f;
  f.fields["passcode_at_terminal"] = "true";
  f.prompter.answers = {"654321"};
  f.grant_session({{"mfaToken", "T"}});
  f.log_in(&f.prompter);
  CHECK(f.data()["PASSCODE"] == "654321");
  CHECK(f.prompter.waited_for.empty());
  f.grant_session();
  f.log_in(&f.prompter);
  CHECK(f.prompter.questions == std::vector<std::string>{"MFA passcode"});
}

TEST_CASE("without a terminal for a passcode the hint names the option") {
  PasswordFixture f;
  f.fields["passcode_at_terminal"] = "true";
  f.prompter.has_terminal = false;
  CHECK(fakes::error_of([&] { f.log_in(&f.prompter); }).hint() == "use --mfa-passcode <passcode>");
}

TEST_CASE("a refusal erases the MFA token and is not retried") {
  PasswordFixture f;
  f.stored.save(snowflake::mfa_token_kind, base::Secret{"T"}, f.clock.now() + 1h);
  const auto* code = GENERATE("390100", "390120", "390126", "390127", "390195");
  f.http.refuse(code, "no");
  CHECK_THROWS_AS(f.log_in(&f.prompter), base::Error);
  CHECK(f.http.sent.size() == 1);
  CHECK(f.store.secrets.empty());
}

TEST_CASE("an approval that does not arrive in time is a refusal, other network errors are not") {
  PasswordFixture f;
  using Reason = net::NoAnswer::Reason;
  const auto [reason, kind] = GENERATE(std::pair{Reason::too_slow, base::Kind::denied},
                                       std::pair{Reason::cut_off, base::Kind::network},
                                       std::pair{Reason::not_sent, base::Kind::network});
  f.http.fail(reason);
  const auto error = fakes::error_of([&] { f.log_in(&f.prompter); });
  CHECK(error.kind() == kind);
  CHECK(f.http.sent.size() == 1);
}

TEST_CASE("a password that is not in a file is asked for once") {
  PasswordFixture f;
  f.fields["authenticator"] = GENERATE("", "username_password_mfa");
  f.fields["password"] = "";
  f.prompter.answers = {"typed"};
  f.grant_session();
  f.log_in(&f.prompter);
  CHECK(f.data()["PASSWORD"] == "typed");
  CHECK(f.prompter.questions == std::vector<std::string>{"Password of jane at o-a"});
  CHECK(f.store.secrets.empty());
}

TEST_CASE("a missing password without a terminal gives the Snowflake CLI's message") {
  PasswordFixture f;
  f.fields["authenticator"] = "";
  f.fields["password"] = "";
  f.prompter.has_terminal = false;
  CHECK_THROWS_WITH(f.log_in(&f.prompter), "251006: Password is empty");
  CHECK_THROWS_WITH(f.log_in(nullptr), "251006: Password is empty");
}

TEST_CASE("a missing password names what is there instead") {
  PasswordFixture f;
  f.fields["authenticator"] = "";
  f.fields.erase("password");
  f.fields["token"] = "pat";
  CHECK(fakes::contains(fakes::error_of([&] { f.log_in(nullptr); }).hint(),
                        "set authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\""));
}

TEST_CASE("a password that was typed wrong is asked for again, three times in all") {
  PasswordFixture f;
  f.fields["authenticator"] = GENERATE("", "username_password_mfa");
  f.fields["password"] = "";
  f.prompter.answers = {"a", "b", "c", "d"};
  f.http.refuse("390100", "wrong");
  f.http.refuse("390100", "wrong");
  SECTION("and the third one is right") {
    f.grant_session();
    f.log_in(&f.prompter);
    CHECK(f.data(2)["PASSWORD"] == "c");
  }
  SECTION("and the third one is wrong") {
    f.http.refuse("390100", "wrong");
    CHECK_THROWS_WITH(f.log_in(&f.prompter), "390100: wrong");
    CHECK(f.http.sent.size() == 3);
  }
  CHECK(f.prompter.questions.size() == 3);
  CHECK(f.prompter.told == std::vector<std::string>(2, "390100: wrong"));
}

TEST_CASE("a passcode that was typed wrong is asked for again, one of the command line is not") {
  PasswordFixture f;
  f.http.refuse("394507", "wrong");
  SECTION("typed") {
    f.fields["passcode_at_terminal"] = "true";
    f.prompter.answers = {"111111", "222222"};
    f.grant_session();
    f.log_in(&f.prompter);
    CHECK(f.data(1)["PASSCODE"] == "222222");
  }
  SECTION("of the command line") {
    f.fields["passcode"] = "111111";
    CHECK_THROWS_AS(f.log_in(&f.prompter), base::Error);
    CHECK(f.http.sent.size() == 1);
  }
}

TEST_CASE("a passcode is asked for when Snowflake wants one, three times in all") {
  PasswordFixture f;
  f.fields["authenticator"] = GENERATE("", "username_password_mfa");
  f.http.refuse(GENERATE("390132", "394508"), "a passcode is needed");
  SECTION("at a terminal") {
    f.prompter.answers = {"111111", "222222", "333333"};
    f.http.refuse("390127", "wrong");
    f.http.refuse("390127", "wrong");
    f.grant_session();
    f.log_in(&f.prompter);
    CHECK(f.data(3)["PASSCODE"] == "333333");
    CHECK(f.data(3)["PASSWORD"] == "word");
  }
  SECTION("without a terminal") {
    f.prompter.has_terminal = false;
    CHECK(fakes::contains(fakes::error_of([&] { f.log_in(&f.prompter); }).hint(), "--mfa-passcode"));
    CHECK(f.prompter.questions.empty());
  }
}

TEST_CASE("a password of the connection is not asked for when it is refused") {
  PasswordFixture f;
  f.http.refuse("390100", "wrong");
  CHECK_THROWS_AS(f.log_in(&f.prompter), base::Error);
  CHECK(f.prompter.questions.empty());
}
