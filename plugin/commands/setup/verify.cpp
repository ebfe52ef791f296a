// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "config/registry_resolver.hpp"
#include "registry/client.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "ui/progress_line.hpp"

namespace plugin::commands::setup {
namespace {

constexpr std::size_t max_repositories = 10;

/// A database or schema as it is in image references; a placeholder if the connection has none.
std::string path_part(const config::Connection& connection, const char* key) {
  const auto name = connection.text(key);
  const bool is_simple =
      !name.empty() && std::ranges::all_of(name, [](char c) { return base::is_alphanumeric(c) || c == '_'; });
  return is_simple ? base::to_lower(name) : "<" + std::string{key} + ">";
}

void print_next_push(const Verified& verified, Context& context) {
  const auto& repositories = verified.repositories;
  if (repositories.empty() && verified.has_list) {
    const auto role = base::printable(verified.login.role);
    context.out << (role.empty() ? "This role" : "Role " + role)
                << " can see no image repository yet. To create one:\n"
                   "  docker snowflake image-repository create <database>.<schema>.<name>\n";
  }
  if (repositories.size() > 1) {
    context.out << "Repositories that this role can see:\n";
    for (std::size_t index = 0; index < std::min(repositories.size(), max_repositories); ++index)
      context.out << "  " << repositories[index].url << '\n';
    if (repositories.size() > max_repositories)
      context.out << "  and " << repositories.size() - max_repositories
                  << " more: docker snowflake repositories --in-account\n";
  }
  const auto reference = repositories.empty()
                             ? verified.host + "/" + path_part(verified.connection, "database") + "/" +
                                   path_part(verified.connection, "schema") + "/<repository>"
                             : repositories.front().url;
  context.out << "To push:\n  docker tag <image> " << reference << "/<image>:<tag>\n  docker push "
              << reference << "/<image>:<tag>\n";
}

docker::RegistryHost docker_host(const std::string& name, Context& context) {
  const auto host = context.resolver.find(name);
  if (!host) throw base::Error(base::Kind::config, name + " is no longer in the settings");
  return *host;
}

/// Logs in with the connection that the user named for the host, else with the one that Docker uses.
Verified log_in_to(const std::string& name, const FoundRegistries& found, Context& context) {
  const auto host = docker_host(name, context);
  auto connection = context.resolver.connection_for(host);
  const auto named = found.connections.find(name);
  if (named != found.connections.end() && named->second != connection.name)
    connection = context.resolver.connections().named(named->second);
  return log_in(host, connection, snowflake::Refresh::when_stale, context);
}

/// What is known from adding the connection, else by logging in.
Verified verified_host(const std::string& name, const FoundRegistries& found,
                       const std::optional<Added>& added, Context& context) {
  if (added && added->failure) throw base::Error{*added->failure};
  if (added && added->verified && added->verified->host == name) return *added->verified;
  return log_in_to(name, found, context);
}

/// The connection that the user named is not always the one that Docker uses.
void print_other_connection(const Verified& verified, Context& context) {
  const auto docker_connection = context.resolver.connection_for(docker_host(verified.host, context));
  if (docker_connection.name == verified.connection.name) return;
  context.out << "But docker push and docker pull use " << config::display_name(docker_connection)
              << " there. Next: "
              << "docker snowflake connection use " << base::printable(verified.connection.name, 100) << '\n';
}

/// The option of docker snowflake login for a registry that did not answer.
std::string login_of(const std::string& name, Context& context) {
  try {
    const auto connection = context.resolver.connection_for(*context.resolver.find(name));
    return snowflake::login_command(connection);
  } catch (const base::Error&) {
    return "docker snowflake login";
  }
}

}  // namespace

Verified log_in(const docker::RegistryHost& host, const config::Connection& connection,
                snowflake::Refresh refresh, Context& context) {
  const ui::ProgressLine progress{"Logging in to " + host.name(), context.environment};
  auto session = context.wiring.session(connection);
  // A connection that is being added is not yet the one that Docker uses for the host.
  const bool is_new = refresh == snowflake::Refresh::login;
  const bool is_of_docker = !is_new && context.resolver.connection_for(host).name == connection.name;
  const auto token = is_new ? snowflake::registry_token(session, nullptr, refresh)
                            : snowflake::checked_registry_token(session, is_of_docker ? &host : nullptr);
  registry::try_credential(context.wiring.http(connection), host.name(),
                           token.credential_for(host.name(), context.clock.now()));
  Verified verified{host.name(), connection, session.context(), {}};
  verified.second_factor = session.second_factor();
  auto& repositories = verified.repositories;
  try {
    const auto result = session.run("show image repositories in account");
    verified.has_list = true;
    for (std::size_t row = 0; row < result.rows.size(); ++row) {
      const auto url = base::printable(result.at(row, "repository_url").value_or(""));
      if (!url.empty())
        repositories.push_back(
            {result.at(row, "database_name").value_or(""), result.at(row, "schema_name").value_or(""), url});
    }
  } catch (const base::Error&) {
    // The login works; a role that may not list repositories may still push.
  }
  const auto own =
      "/" + base::to_lower(verified.login.database) + "/" + base::to_lower(verified.login.schema) + "/";
  std::ranges::sort(repositories, {}, &VisibleRepository::url);
  std::stable_partition(repositories.begin(), repositories.end(), [&](const auto& repository) {
    return repository.url.find(own) != std::string::npos;
  });
  return verified;
}

void verify_foreign(const FoundRegistries& found, Context& context) {
  for (const auto& host : found.hosts) {
    if (!docker::RegistryHost::parse(host)) log_in_to(host, found, context);
  }
}

void verify(const FoundRegistries& found, const std::optional<Added>& added, Context& context) {
  const auto& hosts = found.hosts;
  std::vector<std::string> failed;
  std::optional<Verified> first;
  for (const auto& host : hosts) {
    try {
      auto verified = verified_host(host, found, added, context);
      context.out << "Logged in to " << host << " with " << config::display_name(verified.connection)
                  << who(verified.login) << ".\n";
      print_other_connection(verified, context);
      if (!first) first = std::move(verified);
    } catch (const base::Error& error) {
      if (hosts.size() == 1) throw;
      failed.push_back(host);
      context.out << host << "  " << error.what() << '\n';
      if (!error.hint().empty()) context.out << "  next: " << error.hint() << '\n';
    }
    context.out.flush();
  }
  if (first) print_next_push(*first, context);
  if (failed.empty()) return;
  throw base::Error(
      base::Kind::login_required,
      std::to_string(failed.size()) + " of " + std::to_string(hosts.size()) + " registries did not answer",
      login_of(failed.front(), context));
}

}  // namespace plugin::commands::setup
