// SPDX-License-Identifier: Apache-2.0
#include "docker_config/container_tools.hpp"

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using base::Environment;
using docker_config::DockerConfig;

TEST_CASE("Docker's settings are where Docker looks for them") {
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}}}, std::nullopt) == "/h/.docker/config.json");
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}, {"DOCKER_CONFIG", "/d"}}}, std::nullopt) ==
        "/d/config.json");
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}, {"DOCKER_CONFIG", "/d"}}}, "/given") ==
        "/given/config.json");
}

TEST_CASE("the file of podman and the others is in the configuration directory, or where a variable says") {
  const Environment usual{{{"HOME", "/h"}, {"XDG_RUNTIME_DIR", "/r"}}};
  CHECK(docker_config::containers_file(usual) == "/h/.config/containers/auth.json");
  CHECK(docker_config::containers_runtime_file(usual) == "/r/containers/auth.json");
  const Environment named{{{"HOME", "/h"}, {"REGISTRY_AUTH_FILE", "/f.json"}}};
  CHECK(docker_config::containers_file(named) == "/f.json");
  CHECK_FALSE(docker_config::containers_runtime_file(named));
}

TEST_CASE("Helm has a file of its own") {
  CHECK(docker_config::helm_file(Environment{{{"HOME", "/h"}}}) == "/h/.config/helm/registry/config.json");
  Environment::Variables more{{"HOME", "/h"}, {"HELM_CONFIG_HOME", "/c"}};
  CHECK(docker_config::helm_file(Environment{more}) == "/c/registry/config.json");
  more["HELM_REGISTRY_CONFIG"] = "/f.json";
  CHECK(docker_config::helm_file(Environment{more}) == "/f.json");
}

TEST_CASE("helpers that are named but not installed are found") {
  const fakes::TemporaryDirectory directory;
  base::write_file(directory.path() / "docker-credential-here", "#!/bin/sh\n", 0755);
  const auto config = DockerConfig::read(
      R"({"credsStore":"gone","credHelpers":{"a":"here","b":"gone","c":"lost","d":""}})", "c.json");
  const Environment environment{{{"PATH", directory.path().string()}}};
  CHECK(docker_config::missing_helpers(config, environment) ==
        std::vector<std::string>{"docker-credential-gone", "docker-credential-lost"});
}

TEST_CASE("the default store is the one that Docker would use") {
  const fakes::TemporaryDirectory directory;
  const Environment environment{{{"PATH", "relative:" + directory.path().string()}}};
  const auto install = [&](const char* name, unsigned mode = 0755) {
    base::write_file(directory.path() / name, "#!/bin/sh\n", mode);
  };
  CHECK_FALSE(docker_config::default_store(environment));
  install("docker-credential-secretservice", 0644);
  CHECK_FALSE(docker_config::default_store(environment));
  install("docker-credential-secretservice");
  CHECK(docker_config::default_store(environment) == "secretservice");
  install("pass");
  CHECK_FALSE(docker_config::default_store(environment));
  install("docker-credential-pass");
  CHECK(docker_config::default_store(environment) == "pass");
  CHECK_FALSE(docker_config::has_container_tool(environment));
  install("buildah");
  CHECK(docker_config::has_container_tool(environment));
}
