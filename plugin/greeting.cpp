// SPDX-License-Identifier: Apache-2.0
#include "greeting.hpp"

#include <ostream>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docker_config/config_file.hpp"
#include "docker_config/config_paths.hpp"
#include "docker_config/plan.hpp"

namespace plugin {
namespace {

constexpr std::size_t max_hosts = 3;

struct Greeting {
  std::vector<std::string> lines;
  std::string next;
};

bool is_set_up(const std::vector<std::string>& hosts, Context& context) {
  const auto file = docker_config::docker_file(context.environment, context.docker_config);
  const auto text = docker_config::ConfigFile::read(file).text.value_or("");
  return docker_config::plan(text, file.string(), {.hosts = hosts, .keep_logins = true}).edits.empty();
}

Greeting of_state(Context& context) {
  Greeting greeting;
  auto& [lines, next] = greeting;
  const auto names = context.resolver.connections().names();
  const auto hosts = context.resolver.hosts();
  if (names.empty() && hosts.empty()) {
    lines.push_back("There is no connection of the Snowflake CLI yet.");
    next = "snow connection add, or write one into " + context.resolver.paths().connections.string();
    return greeting;
  }
  for (const auto& host : hosts) {
    if (lines.size() < max_hosts) lines.push_back("registry: " + host);
  }
  if (hosts.size() > max_hosts) lines.push_back("and " + std::to_string(hosts.size() - max_hosts) + " more");
  if (hosts.empty()) {
    lines.push_back("No connection tells the name of its registry.");
    next = "docker snowflake setup --ask";
  } else if (!is_set_up(hosts, context)) {
    lines.push_back("Docker does not know about that yet: not set up.");
    next = "docker snowflake setup";
  } else {
    lines.push_back("Docker signs in there by itself: set up.");
    next = "docker push " + hosts.front() + "/<database>/<schema>/<repository>/<image>:<tag>";
  }
  return greeting;
}

Greeting of(Context& context) {
  try {
    return of_state(context);
  } catch (const base::Error& error) {
    return {{error.what()}, error.hint()};
  }
}

}  // namespace

void greet(Context& context) {
  const auto greeting = of(context);
  context.out << "Push and pull images with the connections of the Snowflake CLI.\n\n";
  for (const auto& line : greeting.lines) context.out << "  " << line << '\n';
  context.out << "\nNext: " << greeting.next << "\nAll commands: docker snowflake --help\n";
}

}  // namespace plugin
