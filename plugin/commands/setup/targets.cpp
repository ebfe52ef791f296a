// SPDX-License-Identifier: Apache-2.0
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "docker_config/places.hpp"

namespace plugin::setup {

std::vector<Target> targets_for(const Given& given, const std::vector<std::string>& hosts, Context& context) {
  const auto& environment = context.environment;
  const docker_config::Wish wish{.hosts = hosts, .keeps_logins = given.keeps_logins};
  std::vector<Target> targets;
  targets.push_back({docker_config::docker_file(
                         environment, given.docker_config ? given.docker_config : context.docker_config),
                     wish});
  targets.back().wish.default_store = docker_config::default_store(environment);
  if (!given.podman && !docker_config::has_container_tool(environment)) return targets;
  targets.push_back({docker_config::containers_file(environment), wish});
  // A login there comes before every helper.
  const auto runtime = docker_config::containers_runtime_file(environment);
  if (runtime && docker_config::ConfigFile::read(*runtime).text) {
    targets.push_back({*runtime, wish});
    targets.back().wish.helpers = false;
  }
  return targets;
}

}  // namespace plugin::setup
