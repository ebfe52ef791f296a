// SPDX-License-Identifier: Apache-2.0
#include "config/registry_connection.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "config/account.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;

bool gives(const RegistryName& name, const docker::RegistryHost& host) {
  return name.label == host.account_label() && name.top_level_domain == host.top_level_domain();
}

/// Every connection, the default first, and last the one that variables alone make: a build job has no files.
std::vector<Connection> candidates(const Connections& connections) {
  std::vector<Connection> all;
  for (const auto& name : connections.names()) all.push_back(connections.named(name));
  auto of_variables = connections.chosen({.name = {}, .temporary = true, .options = {}});
  if (!of_variables.fields.empty()) all.push_back(std::move(of_variables));
  return all;
}

Connection bound(const docker::RegistryHost& host, const std::string& name, const Settings& settings,
                 const Connections& connections) {
  Connection connection;
  try {
    connection = connections.named(name);
  } catch (const Error& error) {
    throw Error(Kind::config,
                settings.file.string() + " names a connection for " + host.name() + ": " + error.what(),
                error.hint());
  }
  const auto own = registry_name_of(connection);
  if (!host.account_label().empty() && !gives(own, host) && !own.is_of_locator()) {
    throw Error(Kind::config,
                settings.file.string() + " binds " + host.name() + " to the connection '" + name +
                    "', whose registry is " + own.host(),
                "a host only ever gets a token of its own account: correct the host or the connection");
  }
  return connection;
}

/// One letter more, less or other.
bool is_near(std::string_view left, std::string_view right) {
  if (left.size() > right.size()) std::swap(left, right);
  if (right.size() - left.size() > 1) return false;
  const auto [l, r] = std::ranges::mismatch(left, right);
  const std::string_view left_rest{l, left.end()};
  const std::string_view right_rest{r, right.end()};
  if (right_rest.empty()) return true;
  return right_rest.substr(1) == (left.size() == right.size() ? left_rest.substr(1) : left_rest);
}

[[noreturn]] void fail_without(const docker::RegistryHost& host, const Settings& settings,
                               const std::vector<Connection>& all) {
  for (const auto& connection : all) {
    const auto own = registry_name_of(connection);
    if (is_near(own.label, host.account_label())) {
      throw Error(Kind::not_found, "no connection of the Snowflake CLI leads to " + host.name(),
                  "the connection '" + connection.name + "' leads to " + own.host() + ": is that meant?");
    }
  }
  const std::string label =
      host.account_label().empty() ? "<organization>-<account>" : std::string{host.account_label()};
  throw Error(Kind::not_found, "no connection of the Snowflake CLI leads to " + host.name(),
              "give a connection account = \"" + label + "\" (snow connection add), or write [registries.\"" +
                  host.name() + "\"] connection = \"<name>\" into " + settings.file.string());
}

}  // namespace

Connection connection_for(const docker::RegistryHost& host, const Settings& settings,
                          const Connections& connections) {
  const auto entry = settings.registries.find(host.name());
  const RegistrySettings* own = entry == settings.registries.end() ? nullptr : &entry->second;
  std::optional<Connection> connection;
  if (own != nullptr && own->connection) {
    connection = bound(host, *own->connection, settings, connections);
  } else {
    const auto all = candidates(connections);
    const auto found = std::ranges::find_if(
        all, [&](const Connection& candidate) { return gives(registry_name_of(candidate), host); });
    if (found == all.end()) fail_without(host, settings, all);
    connection = *found;
  }
  if (own != nullptr && own->role) connection->fields.insert_or_assign("role", base::Secret{*own->role});
  return *connection;
}

std::vector<std::string> registry_hosts(const Settings& settings, const Connections& connections) {
  std::set<std::string> hosts;
  for (const auto& [host, registry] : settings.registries) hosts.insert(host);
  for (const auto& connection : candidates(connections)) {
    const auto name = registry_name_of(connection);
    if (!name.is_of_locator() && docker::RegistryHost::parse(name.host())) hosts.insert(name.host());
  }
  return {hosts.begin(), hosts.end()};
}

}  // namespace config
