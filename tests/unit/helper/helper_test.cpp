// SPDX-License-Identifier: Apache-2.0
#include "helper.hpp"

#include "base/json.hpp"
#include "docker/registry.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"
#include "token/token_cache.hpp"

using namespace std::chrono_literals;
using base::Kind;

namespace {

const std::string helper_host = "o-a.registry.snowflakecomputing.com";
const std::string not_found = "credentials not found in native keychain\n";

/// The helper with the files of a user, and without Snowflake.
struct Helper {
  fakes::SnowflakeHome home;
  fakes::FakeClock clock;
  fakes::MemoryStore ready;
  std::string fingerprint = "config";
  std::optional<base::Error> failure;
  std::vector<std::string> asked;
  std::vector<std::string> forgotten;
  std::string out;
  std::string err;

  Helper() {
    home.write("config.toml", "[connections.dev]\naccount = \"o-a\"\n");
    home.write("settings.toml", "[registries.\"127.0.0.1:5055\"]\nconnection = \"dev\"\n");
  }
  int run(const std::vector<std::string_view>& arguments, const std::string& input = "") {
    const auto environment =
        home.environment({{"DOCKER_SNOWFLAKE_CONFIG", (home.directory() / "settings.toml").string()}});
    config::RegistryResolver resolver{environment};
    helper::Dependencies dependencies{fingerprint,
                                      ready,
                                      resolver,
                                      clock,
                                      [this](const docker::RegistryHost& registry) {
                                        asked.push_back(registry.name());
                                        if (failure) throw base::Error{*failure};
                                        return token::RegistryToken{base::Secret{"secret+/="}, clock.now(),
                                                                    clock.now() + 3600s, "dev", fingerprint};
                                      },
                                      [this](const docker::RegistryHost& registry) {
                                        if (failure) throw base::Error{*failure};
                                        forgotten.push_back(registry.name());
                                      }};
    helper::Answer answer;
    try {
      answer = helper::answer(
          arguments, [&] { return input; }, dependencies);
    } catch (const base::Error& error) {
      answer = helper::report(error);
    }
    out = answer.out.reveal();
    err = answer.err;
    return answer.status;
  }
};

}  // namespace

TEST_CASE("get answers with one line of JSON, and returns the server URL unchanged") {
  Helper helper;
  CHECK(helper.run({"get"}, "https://" + helper_host + "/\r\n") == 0);
  CHECK(base::Json::parse(helper.out) ==
        base::Json{{"ServerURL", "https://" + helper_host + "/"},
                   {"Username", "0sessiontoken"},
                   {"Secret", R"({"token":"secret+/=","expires_in":3600})"}});
  CHECK(std::ranges::count(helper.out, '\n') == 1);
  CHECK(helper.err.empty());
  CHECK(helper.asked == std::vector{helper_host});
}

TEST_CASE("get returns a ready token without a request to Snowflake") {
  Helper helper;
  const auto registry = docker::RegistryHost::parse(helper_host).value();
  const token::RegistryToken token{base::Secret{"ready"}, helper.clock.now(), helper.clock.now() + 60s, "dev",
                                   "config"};
  helper.ready.save(token::ready_key(registry), token.to_record(), token.expires_at);
  CHECK(helper.run({"get"}, helper_host) == 0);
  CHECK(helper.out.find("ready") != std::string::npos);
  CHECK(helper.asked.empty());
}

TEST_CASE("another host gets the protocol's message, and nothing is looked up for it") {
  Helper helper;
  const auto* const foreign = GENERATE("docker.io", "https://index.docker.io/v1/", "H", "a.b.c\n", "\xff\xfe",
                                       "o-a.registry.snowflakecomputing.com.evil.example", "127.0.0.1:5056");
  CHECK(helper.run({"get"}, foreign) == 1);
  CHECK(helper.out == not_found);
  CHECK(helper.err.empty());
  CHECK(helper.asked.empty());
  CHECK(helper.ready.loads == 0);
}

TEST_CASE("a host without a connection is not found, and the user gets a hint") {
  Helper helper;
  helper.failure = base::Error(Kind::not_found, "no connection leads to " + helper_host, "write one");
  CHECK(helper.run({"get"}, helper_host) == 1);
  CHECK(helper.out == not_found);
  CHECK(helper.err == "docker-credential-snowflake: no connection leads to " + helper_host +
                          "\ndocker-credential-snowflake: next: write one\n");
}

TEST_CASE("a refused login is reported on both streams, with the next step") {
  Helper helper;
  helper.failure = base::Error(Kind::denied, "390100: Incorrect password.", "correct it");
  CHECK(helper.run({"get"}, helper_host) == 1);
  CHECK(helper.out ==
        "390100: Incorrect password. Next: correct it (credentials not found in native keychain)\n");
  CHECK(helper.err ==
        "docker-credential-snowflake: 390100: Incorrect password.\ndocker-credential-snowflake: next: "
        "correct it\n");
}

TEST_CASE("settings that cannot be read do not block other registries, and are reported") {
  Helper helper;
  const auto file = helper.home.write("settings.toml", "= 1").string();
  CHECK(helper.run({"get"}, "registry.example") == 1);
  CHECK(helper.out == not_found);
  CHECK(helper.err.starts_with("docker-credential-snowflake: " + file + ":1:1: this is not valid TOML\n"));
}

TEST_CASE("a request without a server is refused with the protocol's message") {
  Helper helper;
  const std::string action = GENERATE("get", "erase");
  CHECK(helper.run({action}, " \r\n") == 1);
  CHECK(helper.out == "no credentials server URL\n");
}

TEST_CASE("a request of more than a megabyte is refused") {
  Helper helper;
  CHECK(helper.run({"get"}, std::string((1U << 20) + 1, 'a')) == 1);
  CHECK(helper.run({"get"}, std::string(100'000, 'a')) == 1);
  CHECK(helper.out == not_found);
}

TEST_CASE("store accepts what get returned, with any JSON escapes") {
  Helper helper;
  CHECK(
      helper.run(
          {"store"},
          R"({"ServerURL":")" + helper_host +
              R"(","Username":"0sessiontoken","Secret":"{\u0022token\u0022:\u0022\ud83d\ude00\u003c\u0022}"})"
              "\n") == 0);
  CHECK(helper.out.empty());
  CHECK(helper.ready.saves == 0);
}

TEST_CASE("store refuses credentials that would be lost, without printing the secret") {
  Helper helper;
  CHECK(helper.run({"store"},
                   R"({"ServerURL":")" + helper_host + R"(","Username":"jane","Secret":"hunter2"})") == 1);
  CHECK(helper.out.starts_with("the login of 'jane' is not stored"));
  CHECK(helper.run({"store"}, R"({"ServerURL":"docker.io","Username":"jane","Secret":"hunter2"})") == 1);
  CHECK(helper.out.find("docker.io") != std::string::npos);
  CHECK((helper.out + helper.err).find("hunter2") == std::string::npos);
}

TEST_CASE("store reports missing fields with the protocol's messages") {
  Helper helper;
  CHECK(helper.run({"store"}, R"({"Username":"jane","Secret":"s"})") == 1);
  CHECK(helper.out == "no credentials server URL\n");
  CHECK(helper.run({"store"}, R"({"ServerURL":"h","Secret":"s"})") == 1);
  CHECK(helper.out == "no credentials username\n");
  const auto* const garbage = GENERATE("", "[]", "{", "nonsense", R"({"ServerURL":7)");
  CHECK(helper.run({"store"}, garbage) == 1);
}

TEST_CASE("erase forgets Snowflake registries, and ignores all other hosts") {
  Helper helper;
  CHECK(helper.run({"erase"}, "https://" + helper_host) == 0);
  CHECK(helper.run({"erase"}, "docker.io") == 0);
  CHECK(helper.forgotten == std::vector{helper_host});
  helper.failure = base::Error(Kind::keyring, "broken");
  CHECK(helper.run({"erase"}, helper_host) == 0);
  CHECK(helper.err.find("broken") != std::string::npos);
}

TEST_CASE("list names the hosts of all connections, and never fails") {
  Helper helper;
  CHECK(helper.run({"list"}, "unused") == 0);
  CHECK(base::Json::parse(helper.out) ==
        base::Json{{helper_host, "0sessiontoken"}, {"127.0.0.1:5055", "0sessiontoken"}});
  helper.home.write("config.toml", "= 1");
  CHECK(helper.run({"list"}, "unused") == 0);
  CHECK(helper.out == "{}\n");
  CHECK(helper.err.find("this is not valid TOML") != std::string::npos);
}

TEST_CASE("version and help go to standard output") {
  Helper helper;
  for (const auto* word : {"version", "--version", "-v"}) {
    CHECK(helper.run({word}) == 0);
    CHECK(helper.out.starts_with("docker-credential-snowflake (https://"));
  }
  for (const auto* word : {"--help", "-h"}) {
    CHECK(helper.run({word}) == 0);
    CHECK(helper.out.find("Usage: docker-credential-snowflake") != std::string::npos);
  }
}

TEST_CASE("anything but one known action is an error on standard output with status 1") {
  Helper helper;
  CHECK(helper.run({}) == 1);
  CHECK(helper.out.starts_with("Usage: docker-credential-snowflake"));
  CHECK(helper.run({"get", "get"}) == 1);
  CHECK(helper.run({"GET"}) == 1);
  CHECK(helper.out.starts_with("unknown action: GET. Next: Usage: docker-credential-snowflake"));
  CHECK(helper.err.starts_with("docker-credential-snowflake: unknown action: GET\n"));
}
