// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "config/registry_resolver.hpp"
#include "registry/client.hpp"

namespace plugin::commands::setup {
namespace {

constexpr std::size_t max_repositories = 10;

/// A database or schema as it is in image references; a placeholder if the connection has none.
std::string path_part(const config::Connection& connection, const char* key) {
  const auto name = connection.text(key);
  const bool is_simple = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
  return is_simple ? base::to_lower(name) : "<" + std::string{key} + ">";
}

/// A registry that took the token of its connection.
struct Verified {
  std::string host;
  config::Connection connection;
  snowflake::SessionContext login;
  /// References to push to: the repositories that the role can see, those of the connection's schema first.
  std::vector<std::string> repositories;
};

/// One session for both, also where nothing can be cached.
Verified log_in(const std::string& name, Context& context) {
  const auto host = context.resolver.find(name);
  if (!host) throw base::Error(base::Kind::config, name + " is no longer in the settings");
  const auto connection = context.resolver.connection_for(*host);
  auto session = context.wiring.session(connection);
  const auto token = session.checked_registry_token(&*host);
  registry::try_credential(context.wiring.http(connection), name,
                           token.credential_for(name, context.clock.now()));
  Verified verified{name, connection, session.context(), {}};
  try {
    const auto result = session.run("show image repositories in account");
    for (std::size_t row = 0; row < result.rows.size(); ++row) {
      const auto url = base::printable(result.at(row, "repository_url").value_or(""));
      if (!url.empty()) verified.repositories.push_back(url);
    }
  } catch (const base::Error&) {
    // The login works; a role that may not list repositories may still push.
  }
  const auto own =
      "/" + base::to_lower(verified.login.database) + "/" + base::to_lower(verified.login.schema) + "/";
  auto& urls = verified.repositories;
  std::ranges::sort(urls);
  std::stable_partition(urls.begin(), urls.end(),
                        [&](const auto& url) { return url.find(own) != std::string::npos; });
  return verified;
}

std::string who(const snowflake::SessionContext& login) {
  return (login.user.empty() ? "" : " as " + base::printable(login.user)) +
         (login.role.empty() ? "" : ", role " + base::printable(login.role));
}

void print_next_push(const Verified& verified, Context& context) {
  const auto& repositories = verified.repositories;
  if (repositories.size() > 1) {
    context.out << "Repositories that this role can see:\n";
    for (std::size_t index = 0; index < std::min(repositories.size(), max_repositories); ++index)
      context.out << "  " << repositories[index] << '\n';
    if (repositories.size() > max_repositories)
      context.out << "  and " << repositories.size() - max_repositories
                  << " more: docker snowflake repositories --in-account\n";
  }
  const auto reference = repositories.empty()
                             ? verified.host + "/" + path_part(verified.connection, "database") + "/" +
                                   path_part(verified.connection, "schema") + "/<repository>"
                             : repositories.front();
  context.out << "To push:\n  docker tag <image> " << reference << "/<image>:<tag>\n  docker push "
              << reference << "/<image>:<tag>\n";
}

}  // namespace

void try_registry(const std::string& host, Context& context) { static_cast<void>(log_in(host, context)); }

void verify(const std::vector<std::string>& hosts, Context& context) {
  std::size_t failures = 0;
  std::optional<Verified> first;
  for (const auto& host : hosts) {
    try {
      auto verified = log_in(host, context);
      context.out << "Logged in to " << host << " with connection '" << verified.connection.name << "'"
                  << who(verified.login) << ".\n";
      if (!first) first = std::move(verified);
    } catch (const base::Error& error) {
      if (hosts.size() == 1) throw;
      ++failures;
      context.out << host << "  " << error.what() << '\n';
      if (!error.hint().empty()) context.out << "  next: " << error.hint() << '\n';
    }
    context.out.flush();
  }
  if (first) print_next_push(*first, context);
  if (failures == 0) return;
  throw base::Error(
      base::Kind::login_required,
      std::to_string(failures) + " of " + std::to_string(hosts.size()) + " registries did not answer",
      "docker snowflake login -c <connection> tests one of them");
}

}  // namespace plugin::commands::setup
