// SPDX-License-Identifier: Apache-2.0
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "docker_config/places.hpp"

namespace plugin::setup {

namespace {

void add_helm(std::vector<Target>& targets, docker_config::Wish wish, const base::Environment& environment) {
  if (!docker_config::find_program("helm", environment)) return;
  wish.default_store = docker_config::default_store(environment);
  targets.push_back({docker_config::helm_file(environment), std::move(wish)});
}

void add_containers(std::vector<Target>& targets, docker_config::Wish wish,
                    const base::Environment& environment) {
  targets.push_back({docker_config::containers_file(environment), wish});
  // A login there comes before every helper.
  const auto runtime = docker_config::containers_runtime_file(environment);
  if (!runtime || !docker_config::ConfigFile::read(*runtime).text) return;
  wish.helpers = false;
  targets.push_back({*runtime, std::move(wish)});
}

}  // namespace

std::vector<Target> targets_for(const Given& given, const std::vector<std::string>& hosts, Context& context) {
  const auto& environment = context.environment;
  const docker_config::Wish wish{.hosts = hosts, .keeps_logins = given.keeps_logins};
  std::vector<Target> targets;
  targets.push_back({docker_config::docker_file(
                         environment, given.docker_config ? given.docker_config : context.docker_config),
                     wish});
  targets.back().wish.default_store = docker_config::default_store(environment);
  if (given.podman || docker_config::has_container_tool(environment))
    add_containers(targets, wish, environment);
  add_helm(targets, wish, environment);
  return targets;
}

}  // namespace plugin::setup
