// SPDX-License-Identifier: Apache-2.0
// An arbitrary config.json: set up, undone, and compared.
#include <cstdlib>

#include "base/error.hpp"
#include "docker_config/docker_config.hpp"
#include "docker_config/undo.hpp"

namespace docker_config = plugin::docker_config;

namespace {

constexpr const char* host = "myorg-myacct.registry.snowflakecomputing.com";

void require(bool condition) {
  if (!condition) std::abort();
}

/// What a setup is not about, byte for byte.
std::vector<std::string> others(const std::string& text) {
  const auto json = docker_config::JsonText::parse(text, "config.json");
  std::vector<std::string> result;
  for (const auto& member : json.root().members) {
    const auto is = [&](const char* field) { return docker_config::is_field(member.key, field); };
    if (!is("credHelpers") && !is("auths") && !is("credsStore"))
      result.emplace_back(json.between(member.begin, member.value.end));
  }
  return result;
}

void set_up_and_undo(const std::string& text) {
  if (docker_config::is_blank(text)) return;
  const docker_config::DesiredConfig desired{.hosts = {host}, .default_store = "pass"};
  const auto plan = docker_config::plan(text, "config.json", desired);
  const auto config = docker_config::DockerConfig::read(plan.text, "config.json");
  require(config.helper_for(host) == "snowflake");
  require(others(plan.text) == others(text));
  require(docker_config::plan(plan.text, "config.json", desired).is_empty());
  const auto change = docker_config::change_of("config.json", text, plan);
  require(docker_config::undo(plan.text, change).text == plan.without_logins);
  const auto by_name = docker_config::undo(" " + plan.text, change);
  require(by_name.text.has_value());
  require(others(*by_name.text) == others(text));
  docker_config::without_secrets(text, "config.json");
  docker_config::plan_removal(plan.text, "config.json");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  try {
    set_up_and_undo({data, size});
  } catch (const base::Error&) {
  }
  return 0;
}
