// SPDX-License-Identifier: Apache-2.0
#include "config/connections.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

using fakes::SnowflakeHome;

namespace {

constexpr const char* two = R"(default_connection_name = "b"
[connections.a]
account = "o-a"
user = "jane"
[connections.b]
account = "o-b"
user = "file"
port = 8443
client_store_temporary_credential = true
)";

}  // namespace

TEST_CASE("connections are read from config.toml, the default one first") {
  const SnowflakeHome home;
  home.write("config.toml", two);
  const auto connections = home.read();
  CHECK(connections.default_name() == "b");
  CHECK(connections.names() == std::vector<std::string>{"b", "a"});
  CHECK(connections.named("a").text("user") == "jane");
  CHECK(connections.named("b").text("port") == "8443");
  CHECK(connections.named("b").flag("client_store_temporary_credential"));
}

TEST_CASE("connections.toml replaces the whole section") {
  const SnowflakeHome home;
  home.write("config.toml", two);
  home.write("connections.toml", "[c]\naccount = \"o-c\"\n[connections.d]\naccount = \"o-d\"\n");
  const auto connections = home.read();
  CHECK(connections.names().front() == "c");
  CHECK_THROWS_WITH(connections.named("a"), "Connection a is not configured");
  CHECK(fakes::error_of([&] { connections.named("a"); })
            .hint()
            .find("config.toml, whose connections are ignored") != std::string::npos);
  REQUIRE(connections.warnings().size() == 2);
  CHECK(connections.warnings()[0].find("use [<name>]") != std::string::npos);
  CHECK(connections.warnings()[1].ends_with("move them there: a, b"));
  REQUIRE(connections.ignored().size() == 2);
  CHECK(connections.ignored()[0].text("account") == "o-a");
}

TEST_CASE("options win over variables of the connection, then come the file and the general variables") {
  const SnowflakeHome home;
  home.write("config.toml", two);
  const base::Environment::Variables variables{{"SNOWFLAKE_CONNECTIONS_B_USER", "variable"},
                                               {"SNOWFLAKE_USER", "generic"},
                                               {"SNOWFLAKE_ROLE", "ROLE"},
                                               {"SNOWFLAKE_ACCOUNT", "generic"}};
  const auto connections = home.read(variables);
  CHECK(connections.named("b").text("user") == "variable");
  CHECK(connections.named("b").text("role") == "ROLE");
  CHECK(connections.named("b").text("account") == "o-b");
  CHECK(connections.named("a").text("user") == "jane");
  const auto chosen =
      connections.select({.name = "b", .temporary = false, .options = {{"user", base::Secret{"option"}}}});
  CHECK(chosen.text("user") == "option");
}

TEST_CASE("variables alone define a temporary connection") {
  const SnowflakeHome home;
  const auto connections = home.read(
      {{"SNOWFLAKE_ACCOUNT", "o-a"}, {"SNOWFLAKE_USER", "ci"}, {"SNOWFLAKE_PRIVATE_KEY_PATH", "k"}});
  const auto chosen = connections.select({.name = {}, .temporary = true, .options = {}});
  CHECK(chosen.text("account") == "o-a");
  CHECK(chosen.text("private_key_file") == "k");
  CHECK_THROWS_WITH(connections.select({.name = "x", .temporary = true, .options = {}}),
                    "Can't use connection name and temporary connection.");
  CHECK_THROWS_WITH(connections.select({}), "Connection default is not configured");
  REQUIRE(connections.from_variables());
  CHECK(config::display_name(*connections.from_variables()) == "the connection of the SNOWFLAKE_ variables");
  CHECK_FALSE(home.read({{"SNOWFLAKE_USER", "ci"}}).from_variables());
}

TEST_CASE("SNOWFLAKE_DEFAULT_CONNECTION_NAME and SNOWFLAKE_CONNECTIONS count") {
  const SnowflakeHome home;
  home.write("config.toml", two);
  CHECK(home.read({{"SNOWFLAKE_DEFAULT_CONNECTION_NAME", "a"}}).default_name() == "a");
  const auto whole = home.read({{"SNOWFLAKE_CONNECTIONS", "[z]\naccount = \"o-z\"\n"}});
  CHECK(whole.names() == std::vector<std::string>{"z"});
}

TEST_CASE("files that others may read or write are refused, with the command that fixes them") {
  const SnowflakeHome home;
  const auto file = home.write("config.toml", two);
  for (const unsigned mode : {0644U, 0620U, 0602U, 0640U}) {
    CAPTURE(mode);
    std::filesystem::permissions(file, std::filesystem::perms{mode});
    const auto error = fakes::error_of([&] { home.read(); });
    CHECK(std::string{error.what()}.ends_with("has too wide permissions"));
    CHECK(error.hint() == "chmod 0600 \"" + file.string() + "\"");
  }
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  const auto connections = home.read({{"SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "true"}});
  CHECK(connections.warnings().size() == 1);
  std::filesystem::permissions(file, std::filesystem::perms{0666});
  CHECK_THROWS_AS(home.read({{"SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "true"}}), base::Error);
}

TEST_CASE("TOML errors name file, line and column, and never quote the text, which may be a password") {
  const SnowflakeHome home;
  const auto file = home.write("config.toml", "[connections.a]\npassword = S3cret!\n");
  const auto error = fakes::error_of([&] { home.read(); });
  CHECK(std::string{error.what()}.starts_with(file.string() + ":2:"));
  CHECK(std::string{error.what()}.find("S3cret") == std::string::npos);
}

TEST_CASE("a default_connection_name inside a table gets a warning") {
  const SnowflakeHome home;
  home.write("config.toml",
             "[connections]\ndefault_connection_name = \"a\"\n[connections.a]\naccount = \"o-a\"\n");
  REQUIRE(home.read().warnings().size() == 1);
  CHECK(home.read().warnings()[0].find("has no effect") != std::string::npos);
}

TEST_CASE("a connection whose name has a dot and is not quoted is not a connection, and is warned about") {
  const SnowflakeHome home;
  const std::string rest = "\naccount = \"o-a\"\n";
  SECTION("in config.toml") {
    const auto file = home.write("config.toml", "[connections.dev.eu]" + rest);
    CHECK(home.read().names().empty());
    CHECK(home.read().why_connection_is_missing() ==
          file.string() +
              ":1: [connections.dev.eu] has no effect, because a name with a dot must be quoted: "
              "use [connections.\"dev.eu\"]");
  }
  SECTION("in connections.toml, beside one that has the first part of the name") {
    const auto file = home.write("connections.toml", "[dev]" + rest + "[dev.eu.west]" + rest);
    CHECK(home.read().names() == std::vector<std::string>{"dev"});
    CHECK(home.read().warnings() ==
          std::vector{file.string() + ":3: [dev.eu.west] has no effect, because a name with a dot must be "
                                      "quoted: use [\"dev.eu.west\"]"});
  }
  SECTION("quoted, and session parameters") {
    home.write("connections.toml",
               "[\"dev.eu\"]" + rest + "[\"dev.eu\".session_parameters]\nTIMEZONE = \"UTC\"\n");
    CHECK(home.read().names() == std::vector<std::string>{"dev.eu"});
    CHECK(home.read().warnings().empty());
  }
}

TEST_CASE("a connection under a heading of the other file is not a connection, and is warned about") {
  const SnowflakeHome home;
  SECTION("of connections.toml in config.toml") {
    const auto file = home.write("config.toml", "[cli]\naccount = 1\n[dev]\naccount = \"o-a\"\n");
    CHECK(home.read().warnings() ==
          std::vector{file.string() + ":3: [dev] has no effect in this file: use [connections.dev]"});
  }
  SECTION("of config.toml in connections.toml") {
    home.write("connections.toml", "[connections.dev]\naccount = \"o-a\"\n");
    CHECK(home.read().warnings().size() == 1);
  }
  CHECK(home.read().names().empty());
}
