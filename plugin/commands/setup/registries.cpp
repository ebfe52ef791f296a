// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "connection_file/new_connection.hpp"

namespace plugin::commands::setup {
namespace {

using base::Error;
using base::Kind;

void add(std::vector<std::string>& hosts, const std::string& host) {
  if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(host);
}

std::string checked(const std::string& word, Context& context) {
  const auto host = context.resolver.find(word);
  if (!host) {
    const auto meant = connection_file::registry_host_meant(word);
    throw Error(Kind::usage, base::printable(word, 200) + " is not a Snowflake registry",
                meant ? "did you mean " + *meant + "?"
                      : "a host of your own becomes one with: docker snowflake config set "
                        "'registries.\"<host>\".connection' <name>");
  }
  context.resolver.check(*host);
  return host->name();
}

/// The hosts that Snowflake names, for public and for private connectivity.
std::vector<std::string> asked(const config::Connection& connection, Context& context) {
  auto session = context.wiring.session(connection);
  std::vector<std::string> hosts = {ask_registry_host(session, false)};
  try {
    hosts.push_back(ask_registry_host(session, true));
  } catch (const Error& error) {
    if (error.kind() != Kind::not_found) throw;  // most accounts have none
  }
  return hosts;
}

void warn_about(const std::string& connection, const std::string& problem, Context& context) {
  context.err << "Warning: connection '" << connection << "': " << problem << '\n';
}

/// A host that Snowflake named is set up when the helper knows which connection it belongs to.
void add_named_by_snowflake(FoundRegistries& found, const config::Connection& connection, Context& context) {
  for (const auto& name : asked(connection, context)) {
    const auto host = context.resolver.find(name);
    try {
      if (!host) throw Error(Kind::config, base::printable(name, 200) + " is not a Snowflake registry");
      context.resolver.check(*host);
      add(found.hosts, host->name());
    } catch (const Error& error) {
      warn_about(connection.name,
                 std::string{error.what()} + "; to bind it: docker snowflake config set 'registries.\"" +
                     base::printable(name, 200) + "\".connection' " + connection.name,
                 context);
    }
  }
}

void add_registry_of(FoundRegistries& found, const std::string& name, bool asks, bool is_required,
                     Context& context) {
  try {
    const auto connection = context.resolver.connections().named(name);
    if (!asks) return add(found.hosts, context.resolver.registry_of(connection).name());
    add_named_by_snowflake(found, connection, context);
  } catch (const Error& error) {
    if (is_required) throw;
    warn_about(name, error.what(), context);
  }
}

/// The connections whose registry that is.
std::vector<std::string> names_for(const std::string& host, Context& context) {
  std::vector<std::string> names;
  for (const auto& name : context.resolver.connections().names()) {
    try {
      const auto connection = context.resolver.connections().named(name);
      if (context.resolver.registry_of(connection).name() == host) names.push_back(name);
    } catch (const Error&) {
      // It has no registry.
    }
  }
  return names;
}

}  // namespace

FoundRegistries find_registries(const SetupOptions& options, Context& context) {
  FoundRegistries found;
  for (const auto& host : options.hosts) add(found.hosts, checked(host, context));
  for (const auto& name : options.connections) {
    const auto known = static_cast<std::ptrdiff_t>(found.hosts.size());
    add_registry_of(found, name, options.ask_server, true, context);
    for (auto host = found.hosts.begin() + known; host != found.hosts.end(); ++host)
      found.connections.emplace(*host, name);
  }
  if (options.hosts.empty() && options.connections.empty()) {
    for (const auto& host : context.resolver.hosts()) add(found.hosts, host);
    const auto names = context.resolver.connections().names();
    if (found.hosts.empty() && names.empty()) throw cli::no_connection(context);
    for (const auto& name : names) add_registry_of(found, name, options.ask_server, false, context);
  }
  if (found.hosts.empty()) {
    throw Error(Kind::config, "no connection determines its registry host",
                "docker snowflake setup --ask gets it from Snowflake");
  }
  return found;
}

void print_chosen_connections(const FoundRegistries& found, Context& context) {
  const auto& registries = context.resolver.settings().registries;
  for (const auto& host : found.hosts) {
    const auto setting = registries.find(host);
    const bool is_bound = setting != registries.end() && setting->second.connection;
    if (is_bound || found.connections.contains(host)) continue;
    const auto all = names_for(host, context);
    if (all.size() < 2) continue;
    const auto chosen = context.resolver.connection_for(*context.resolver.find(host));
    std::vector<std::string> others;
    std::ranges::copy_if(all, std::back_inserter(others),
                         [&](const auto& name) { return name != chosen.name; });
    context.out << "Docker uses " << config::display_name(chosen) << " for " << host << ", not "
                << base::printable(base::join(others, ", "), 300)
                << ". To choose: docker snowflake connection use <connection>\n";
  }
}

}  // namespace plugin::commands::setup
