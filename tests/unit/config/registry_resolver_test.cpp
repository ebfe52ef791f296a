// SPDX-License-Identifier: Apache-2.0
#include "config/registry_resolver.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

namespace {

struct RegistryResolverFixture {
  fakes::SnowflakeHome home;
  std::string settings;
  base::Environment::Variables variables;
  base::Environment environment;

  RegistryResolverFixture() {
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
[connections.dotted]
account = "ORG.ACCT"
)");
  }
  void bind(const std::string& host, const std::string& connection) {
    settings += "[registries.\"" + host + "\"]\nconnection = \"" + connection + "\"\n";
  }
  config::RegistryResolver resolver() {
    variables["DOCKER_SNOWFLAKE_CONFIG"] = home.write("settings.toml", settings);
    environment = home.environment(variables);
    return config::RegistryResolver{environment};
  }
  config::Connection connection_for(const std::string& host) {
    auto resolver = this->resolver();
    const auto parsed = resolver.find(host);
    REQUIRE(parsed);
    return resolver.connection_for(*parsed);
  }
  std::string registry_of(const std::string& name) {
    auto resolver = this->resolver();
    return resolver.registry_of(resolver.connections().named(name)).name();
  }
};

}  // namespace

TEST_CASE("a host belongs to the connection with its account, the default connection first") {
  RegistryResolverFixture f;
  CHECK(f.connection_for("org-same.registry.snowflakecomputing.com").name == "second");
  CHECK(f.connection_for("my-org-other.registry.snowflakecomputing.com").name == "other");
  CHECK(f.connection_for("org-same.registry.privatelink.snowflakecomputing.com").name == "second");
}

TEST_CASE("the settings override connection and role") {
  RegistryResolverFixture f;
  f.bind("org-same.registry.snowflakecomputing.com", "first");
  f.settings += "role = \"ROLE\"\n";
  const auto connection = f.connection_for("org-same.registry.snowflakecomputing.com");
  CHECK(connection.name == "first");
  CHECK(connection.text("role") == "ROLE");
  f.bind("127.0.0.1:5055", "other");
  CHECK(f.connection_for("127.0.0.1:5055").name == "other");
  f.bind("org-xy.registry.snowflakecomputing.com", "locator");
  CHECK(f.connection_for("org-xy.registry.snowflakecomputing.com").name == "locator");
}

TEST_CASE("a host never gets a token of another account") {
  RegistryResolverFixture f;
  f.bind("org-same.registry.snowflakecomputing.com", "other");
  CHECK(fakes::contains(
      fakes::error_of([&] { f.connection_for("org-same.registry.snowflakecomputing.com"); }).what(),
      "whose registry is my-org-other.registry.snowflakecomputing.com"));
  CHECK_THROWS_AS(f.connection_for("org-same.registry.snowflakecomputing.cn"), base::Error);
}

TEST_CASE("without a connection the hint says what to add, or names a similar connection") {
  RegistryResolverFixture f;
  const auto far = fakes::error_of([&] { f.connection_for("nobody-knows.registry.snowflakecomputing.com"); });
  CHECK(far.kind() == base::Kind::not_found);
  CHECK(far.hint().find("connection add <name> --account nobody-knows") != std::string::npos);
  const auto near = fakes::error_of([&] { f.connection_for("org-sane.registry.snowflakecomputing.com"); });
  CHECK(near.hint().find("check the spelling") != std::string::npos);
  f.bind("h.example", "missing");
  CHECK(fakes::contains(fakes::error_of([&] { f.connection_for("h.example"); }).what(),
                        "Connection missing is not configured"));
}

TEST_CASE("a connection that is ignored because of another file is named for its registry") {
  RegistryResolverFixture f;
  f.home.write("connections.toml", "[prod]\naccount = \"org-prod\"\n");
  const auto error = fakes::error_of([&] { f.connection_for("org-same.registry.snowflakecomputing.com"); });
  CHECK(fakes::contains(error.hint(), "connection 'first' is for it, but "));
  CHECK(fakes::contains(error.hint(), "config.toml:3 is ignored because of "));
  const auto far = fakes::error_of([&] { f.connection_for("nobody-knows.registry.snowflakecomputing.com"); });
  CHECK(fakes::contains(far.hint(), "connection add"));
}

TEST_CASE("without files, variables alone select the registry") {
  RegistryResolverFixture f;
  f.variables = {{"SNOWFLAKE_ACCOUNT", "ci-job"}, {"SNOWFLAKE_USER", "bot"}};
  CHECK(f.connection_for("ci-job.registry.snowflakecomputing.com").text("user") == "bot");
}

TEST_CASE("all known hosts are listed once, sorted") {
  RegistryResolverFixture f;
  f.bind("127.0.0.1:5055", "other");
  CHECK(f.resolver().hosts() == std::vector<std::string>{"127.0.0.1:5055",
                                                         "my-org-other.registry.snowflakecomputing.com",
                                                         "org-same.registry.snowflakecomputing.com"});
}

TEST_CASE("the registry of a connection is its account's, before other hosts that the settings bind") {
  RegistryResolverFixture f;
  f.bind("127.0.0.1:5055", "first");
  CHECK(f.registry_of("first") == "org-same.registry.snowflakecomputing.com");
  f.bind("org-same.registry.privatelink.snowflakecomputing.com", "first");
  CHECK(f.registry_of("first") == "org-same.registry.privatelink.snowflakecomputing.com");
  f.bind("org-same.registry.snowflakecomputing.com", "first");
  CHECK(f.registry_of("first") == "org-same.registry.snowflakecomputing.com");
}

TEST_CASE("a locator has the registry that the settings bind, or none") {
  RegistryResolverFixture f;
  const std::string name = GENERATE("locator", "dotted");
  const auto error = fakes::error_of([&] { f.registry_of(name); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.hint(), name == "dotted" ? "\"ORG-ACCT\"" : "\"<organization>-<account>\""));
  f.bind("127.0.0.1:5055", name);
  CHECK(f.registry_of(name) == "127.0.0.1:5055");
  f.bind("org-xy.registry.snowflakecomputing.com", name);
  CHECK(f.registry_of(name) == "org-xy.registry.snowflakecomputing.com");
}
