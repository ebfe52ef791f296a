// SPDX-License-Identifier: Apache-2.0
#include "config/registry_connection.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

namespace {

struct Fixture {
  fakes::SnowflakeHome home;
  config::Settings settings;
  base::Environment::Variables variables;

  Fixture() {
    settings.file = "/settings.toml";
    home.write("config.toml", R"(default_connection_name = "second"
[connections.first]
account = "Org-Same"
role = "FIRST"
[connections.second]
account = "org-same"
[connections.other]
account = "my_org-other"
[connections.locator]
account = "xy12345.us-east-1"
)");
  }
  config::Connection connection_for(const std::string& host) {
    const auto parsed = docker::RegistryHost::parse(host, settings.named_hosts());
    REQUIRE(parsed);
    return config::connection_for(*parsed, settings, home.read(variables));
  }
};

}  // namespace

TEST_CASE("a host belongs to the connection whose account gives it, the default one first") {
  Fixture f;
  CHECK(f.connection_for("org-same.registry.snowflakecomputing.com").name == "second");
  CHECK(f.connection_for("my-org-other.registry.snowflakecomputing.com").name == "other");
  CHECK(f.connection_for("org-same.registry.privatelink.snowflakecomputing.com").name == "second");
}

TEST_CASE("the settings decide about connection and role") {
  Fixture f;
  f.settings.registries["org-same.registry.snowflakecomputing.com"] = {"first", "ROLE"};
  const auto connection = f.connection_for("org-same.registry.snowflakecomputing.com");
  CHECK(connection.name == "first");
  CHECK(connection.text("role") == "ROLE");
  f.settings.registries["127.0.0.1:5055"] = {"other", std::nullopt};
  CHECK(f.connection_for("127.0.0.1:5055").name == "other");
  f.settings.registries["org-xy.registry.snowflakecomputing.com"] = {"locator", std::nullopt};
  CHECK(f.connection_for("org-xy.registry.snowflakecomputing.com").name == "locator");
}

TEST_CASE("a host never gets a token of another account") {
  Fixture f;
  f.settings.registries["org-same.registry.snowflakecomputing.com"] = {"other", std::nullopt};
  CHECK(fakes::contains(
      fakes::error_of([&] { f.connection_for("org-same.registry.snowflakecomputing.com"); }).what(),
      "whose registry is my-org-other.registry.snowflakecomputing.com"));
  CHECK_THROWS_AS(f.connection_for("org-same.registry.snowflakecomputing.cn"), base::Error);
}

TEST_CASE("without a connection the hint says what to write, or what may be meant") {
  Fixture f;
  const auto far = fakes::error_of([&] { f.connection_for("nobody-knows.registry.snowflakecomputing.com"); });
  CHECK(far.kind() == base::Kind::not_found);
  CHECK(far.hint().find("account = \"nobody-knows\"") != std::string::npos);
  const auto near = fakes::error_of([&] { f.connection_for("org-sane.registry.snowflakecomputing.com"); });
  CHECK(near.hint().find("is that meant?") != std::string::npos);
  f.settings.registries["h.example"] = {"missing", std::nullopt};
  CHECK(fakes::contains(fakes::error_of([&] { f.connection_for("h.example"); }).what(),
                        "Connection missing is not configured"));
}

TEST_CASE("a build job has no files: variables alone lead to their registry") {
  Fixture f;
  f.variables = {{"SNOWFLAKE_ACCOUNT", "ci-job"}, {"SNOWFLAKE_USER", "bot"}};
  CHECK(f.connection_for("ci-job.registry.snowflakecomputing.com").text("user") == "bot");
}

TEST_CASE("all hosts are listed once, in order, without those that nobody can tell") {
  Fixture f;
  f.settings.registries["127.0.0.1:5055"] = {"other", std::nullopt};
  CHECK(config::registry_hosts(f.settings, f.home.read()) ==
        std::vector<std::string>{"127.0.0.1:5055", "my-org-other.registry.snowflakecomputing.com",
                                 "org-same.registry.snowflakecomputing.com"});
}
