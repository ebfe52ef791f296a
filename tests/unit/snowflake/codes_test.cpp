// SPDX-License-Identifier: Apache-2.0
#include "snowflake/codes.hpp"

#include "support/catch.hpp"

using snowflake::refusal;

TEST_CASE("a refusal has Snowflake's code and message, and the next step") {
  const auto error = refusal("390100", "Incorrect username or password was specified.");
  CHECK(error.kind() == base::Kind::denied);
  CHECK(error.what() == std::string{"390100: Incorrect username or password was specified."});
  CHECK(error.hint().find("password") != std::string::npos);
  CHECK(refusal("390189", "x").hint().find("role") != std::string::npos);
  CHECK(refusal("394302", "x").hint().find("clock") != std::string::npos);
}

TEST_CASE("without a message from Snowflake, the meaning of the code is shown") {
  CHECK(refusal("390126", "").what() == std::string{"390126: the login was not approved in time"});
}

TEST_CASE("a next step names the command that logs in") {
  CHECK(refusal("390120", "x").hint() == "docker snowflake login, and approve the login on your phone");
  CHECK(refusal("390120", "x", "docker snowflake login -c dev").hint() ==
        "docker snowflake login -c dev, and approve the login on your phone");
}

TEST_CASE("an unknown code has a message and a next step, too") {
  CHECK(refusal("999999", "Something new.").what() == std::string{"999999: Something new."});
  CHECK_FALSE(refusal("999999", "").hint().empty());
  CHECK(refusal("", "").what() == std::string{"Snowflake refused without giving a reason"});
  CHECK(refusal("999999", "").hint().find("the code") != std::string::npos);
  CHECK(refusal("", "no").hint().find("the code") == std::string::npos);
}

TEST_CASE("a server's message cannot control a terminal") {
  CHECK(std::string{refusal("1", "a\x1b[31mb\nc").what()}.find('\x1b') == std::string::npos);
}

TEST_CASE("a session that has ended is distinguished from one that can be renewed") {
  for (const char* code : {"390104", "390110", "390111", "390113", "390114", "390115"}) {
    CHECK(snowflake::session_has_ended(code));
  }
  for (const char* code : {"390112", "390100", "", "000000"}) CHECK_FALSE(snowflake::session_has_ended(code));
}

TEST_CASE("a refusal has consequences for the next attempt") {
  const auto wrong = refusal("390100", "x").consequences();
  CHECK((wrong.counted && wrong.pause == base::pause_after_counted && !wrong.transient));
  const auto role = refusal("390189", "x").consequences();
  CHECK((!role.counted && role.pause == base::pause_after_refusal && !role.transient));
  const auto network = refusal("390422", "x").consequences();
  CHECK((!network.counted && network.pause.count() == 0 && network.transient));
}
