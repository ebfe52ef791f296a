// SPDX-License-Identifier: Apache-2.0
#include "config/config_paths.hpp"

#include <sys/stat.h>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

std::string fingerprint_of(const base::Environment& environment) {
  return config::fingerprint(environment, config::find_config_paths(environment)).value;
}

}  // namespace

TEST_CASE("files are in the same directories as for the Snowflake CLI") {
  const fakes::TemporaryDirectory home;
  const auto files = [&](base::Environment::Variables more) {
    more["HOME"] = home.path();
    return config::find_config_paths(base::Environment{more});
  };
  CHECK(files({}).config == home.path() / ".config/snowflake/config.toml");
  std::filesystem::create_directory(home.path() / ".snowflake");
  CHECK(files({}).connections == home.path() / ".snowflake/connections.toml");
  CHECK(files({{"SNOWFLAKE_HOME", "/nowhere"}}).config == home.path() / ".config/snowflake/config.toml");
  CHECK(files({{"SNOWFLAKE_HOME", "~/.snowflake"}}).config == home.path() / ".snowflake/config.toml");
  CHECK(files({}).settings == home.path() / ".config/docker-snowflake/config.toml");
  CHECK(files({{"XDG_CONFIG_HOME", "/x"}}).settings == "/x/docker-snowflake/config.toml");
  CHECK(files({{"DOCKER_SNOWFLAKE_CONFIG", "/s.toml"}}).settings == "/s.toml");
}

TEST_CASE("everything that affects connections changes the fingerprint") {
  const fakes::TemporaryDirectory home;
  std::filesystem::create_directory(home.path() / ".snowflake");
  const auto file = home.path() / ".snowflake/config.toml";
  base::write_file(file, "a = 1");
  base::Environment::Variables variables{{"HOME", home.path()}, {"PATH", "/bin"}};
  const auto before = fingerprint_of(base::Environment{variables});
  CHECK(fingerprint_of(base::Environment{variables}) == before);
  SECTION("a file is written again") { base::write_file(file, "a = 2"); }
  SECTION("a file is deleted") { std::filesystem::remove(file); }
  SECTION("a file is created") { base::write_file(home.path() / ".snowflake/connections.toml", ""); }
  SECTION("a file becomes readable for others") { chmod(file.c_str(), 0644); }
  SECTION("a variable of the Snowflake CLI") { variables["SNOWFLAKE_ROLE"] = ""; }
  SECTION("another job of a CI system") { variables["GITHUB_RUN_ID"] = "2"; }
  SECTION("another role of a cloud") { variables["AWS_ROLE_ARN"] = "arn"; }
  SECTION("the passphrase") { variables["PRIVATE_KEY_PASSPHRASE"] = "x"; }
  CHECK(fingerprint_of(base::Environment{variables}) != before);
}

TEST_CASE("other variables do not change the fingerprint") {
  base::Environment::Variables variables{{"HOME", "/nowhere"}};
  const auto before = fingerprint_of(base::Environment{variables});
  variables["PATH"] = "/bin";
  CHECK(fingerprint_of(base::Environment{variables}) == before);
}

TEST_CASE("the fingerprint for files leaves out secrets, and nothing else") {
  base::Environment::Variables variables{{"HOME", "/nowhere"}, {"SNOWFLAKE_USER", "jane"}};
  const auto of = [&] {
    const base::Environment environment{variables};
    return config::fingerprint(environment, config::find_config_paths(environment)).without_secrets;
  };
  const auto before = of();
  for (const char* name : {"SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN", "SNOWFLAKE_CONNECTIONS_MY_DEV_PASSWORD",
                           "PRIVATE_KEY_PASSPHRASE", "SNOWFLAKE_CONNECTIONS",
                           "SNOWFLAKE_CONNECTIONS_DEV_NO_SUCH_KEY", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"})
    variables[name] = "secret";
  CHECK(of() == before);
  variables["SNOWFLAKE_USER"] = "joe";
  CHECK(of() != before);
}
