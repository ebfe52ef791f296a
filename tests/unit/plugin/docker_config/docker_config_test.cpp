// SPDX-License-Identifier: Apache-2.0
#include "docker_config/docker_config.hpp"

#include "base/file.hpp"
#include "base/json.hpp"
#include "docker_config/plan.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using docker_config::DockerConfig;

namespace {

constexpr const char* H = "myorg-myacct.registry.snowflakecomputing.com";

/// The bytes of a text whose characters are bytes.
std::string bytes_of(const std::string& latin1) {
  std::string bytes;
  for (std::size_t at = 0; at < latin1.size(); ++at) {
    const unsigned first = static_cast<unsigned char>(latin1[at]);
    if (first < 0x80) {
      bytes += latin1[at];
    } else {
      bytes += static_cast<char>((first << 6U) | (static_cast<unsigned char>(latin1[++at]) & 0x3FU));
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("a config file is read as docker reads it") {
  const auto recorded = base::Json::parse(base::read_file(DCS_RECORDED_DOCKER).value_or("null"));
  REQUIRE(recorded.size() > 250);
  for (const auto& row : recorded) {
    const auto name = row.at("name").get<std::string>();
    CAPTURE(name);
    const auto config = DockerConfig::read(bytes_of(row.at("text").get<std::string>()), "config.json");
    CHECK((config.has_credentials() ? config.helper_for(H) : "secretservice") ==
          row.at("helper").get<std::string>());
    const bool is_of_content = name.starts_with("auths: damaged") || name.starts_with("features");
    if (!is_of_content)
      CHECK((config.error.has_value() || !config.mismatches.empty()) == row.at("warns").get<bool>());
  }
}

TEST_CASE("what setup makes of any config file is what docker will read") {
  const auto recorded = base::Json::parse(base::read_file(DCS_RECORDED_DOCKER).value_or("null"));
  std::size_t accepted = 0;
  for (const auto& row : recorded) {
    const auto text = bytes_of(row.at("text").get<std::string>());
    CAPTURE(row.at("name").get<std::string>());
    try {
      const auto plan = docker_config::plan(text, "config.json", {.hosts = {H}, .keep_logins = true});
      CHECK(DockerConfig::read(plan.text, "config.json").helper_for(H) == "snowflake");
      ++accepted;
    } catch (const base::Error& error) {
      CHECK(fakes::contains(error.what(), "config.json"));
      CHECK_FALSE(error.hint().empty());
    }
  }
  CHECK(accepted > 150);
}

TEST_CASE("wrong types are reported with line and column, and the rest is read") {
  const auto config = DockerConfig::read(
      "{\"credHelpers\": {\"x\": 1},\n \"auths\": [], \"credsStore\": \"pass\"}", "c.json");
  CHECK(config.mismatches == std::vector<std::string>{"c.json:1:23: credHelpers must be an object of strings",
                                                      "c.json:2:11: auths must be an object of logins"});
  CHECK_FALSE(config.error);
  CHECK(config.store == "pass");
  CHECK(DockerConfig::read("\xef\xbb\xbf{}", "c.json").error);
}

TEST_CASE("logins, plugin directories and what plugins are told are read") {
  const auto config = DockerConfig::read(
      R"({"auths":{"a":{"AUTH":"x","other":"y"},"b":{"email":"z"}},"CliPluginsExtraDirs":["/p"],"plugins":{"snowflake":{"hooks":"push"}},"x":1})",
      "c.json");
  CHECK(config.logins.at("a").has_credential());
  CHECK(config.logins.at("a").fields.at("auth").reveal() == "x");
  CHECK(config.logins.at("a").fields.at("other").reveal() == "y");
  CHECK_FALSE(config.logins.at("b").has_credential());
  CHECK(config.plugin_directories == std::vector<std::string>{"/p"});
  CHECK(config.plugins.at("snowflake").at("hooks") == "push");
  CHECK(config.keys == std::vector<std::string>{"auths", "CliPluginsExtraDirs", "plugins", "x"});
}
