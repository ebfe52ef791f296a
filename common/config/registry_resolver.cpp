// SPDX-License-Identifier: Apache-2.0
#include "config/registry_resolver.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "config/value_repair.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;

bool matches(const RegistryName& name, const docker::RegistryHost& host) {
  return name.label == host.account_label() && name.top_level_domain == host.top_level_domain();
}

/// All connections: first the default, last the one from variables alone, since CI jobs often have no files.
std::vector<Connection> candidates(const Connections& connections) {
  std::vector<Connection> all;
  for (const auto& name : connections.names()) all.push_back(connections.named(name));
  auto from_variables = connections.select({.name = {}, .temporary = true, .options = {}});
  if (!from_variables.fields.empty()) all.push_back(std::move(from_variables));
  return all;
}

Connection bound(const docker::RegistryHost& host, const std::string& name, const Settings& settings,
                 const Connections& connections) {
  Connection connection;
  try {
    connection = connections.named(name);
  } catch (const Error& error) {
    throw Error(Kind::config,
                settings.file.string() + " sets a connection for " + host.name() + ": " + error.what(),
                error.next_step());
  }
  const auto own = registry_name_of(connection);
  if (!host.account_label().empty() && !matches(own, host) && !own.is_from_locator()) {
    throw Error(Kind::config,
                settings.file.string() + " binds " + host.name() + " to the connection '" + name +
                    "', whose registry is " + own.host(),
                "a registry only ever gets tokens of its own account: correct the host or the connection");
  }
  return connection;
}

/// Whether two texts differ in at most one letter: added, missing or replaced.
bool is_near(std::string_view left, std::string_view right) {
  if (left.size() > right.size()) std::swap(left, right);
  if (right.size() - left.size() > 1) return false;
  const auto [l, r] = std::ranges::mismatch(left, right);
  const std::string_view left_rest{l, left.end()};
  const std::string_view right_rest{r, right.end()};
  if (right_rest.empty()) return true;
  return right_rest.substr(1) == (left.size() == right.size() ? left_rest.substr(1) : left_rest);
}

/// Throws `not_found`. `cause`: what is wrong with the connection that the user may mean, if there is one.
[[noreturn]] void fail_for(const docker::RegistryHost& host, base::NextStep next,
                           const std::string& cause = {}) {
  throw Error(Kind::not_found,
              "no Snowflake CLI connection for " + host.name() + (cause.empty() ? "" : ": " + cause),
              std::move(next));
}

/// A connection whose account is wrong may be the one that the user means.
void require_account(const Connection& connection, const docker::RegistryHost& host) {
  try {
    account_of(connection);
  } catch (const Error& error) {
    fail_for(host, error.next_step(), error.what());
  }
}

/// Whether an account is written as in SQL, `ORG.ACCOUNT`. What follows the dot may also be a region, but
/// regions contain a hyphen.
bool is_dotted_name(const std::string& account) {
  const auto dot = account.find('.');
  if (dot == std::string::npos || account.find('-') != std::string::npos) return false;
  const auto rest = account.substr(dot + 1);
  return rest.find('.') == std::string::npos && rest != "privatelink" && rest != "global";
}

/// Why the account of a connection does not determine its registry.
std::string why_without_registry(const Connection& connection) {
  return name_of_value(connection, "account") +
         (is_dotted_name(connection.text("account"))
              ? " has a dot between organization and account"
              : " is a locator, which does not contain the name of its registry");
}

[[noreturn]] void fail_no_connection(const docker::RegistryHost& host, const std::vector<Connection>& all,
                                     const Connections& connections) {
  for (const auto& hidden : connections.ignored()) {
    if (!matches(registry_name_of(hidden), host)) continue;
    const auto origin = hidden.origin_of("account");
    fail_for(host, "connection '" + base::printable(hidden.name, 100) + "' is for it, but " +
                       (origin.empty() ? "config.toml" : origin) + " is ignored because of " +
                       connections.file().string() + ": move it there");
  }
  for (const auto& connection : all) {
    const auto own = registry_name_of(connection);
    if (is_near(own.label, host.account_label())) {
      require_account(connection, host);
      const std::string which = connection.name.empty() ? "of the SNOWFLAKE_... variables"
                                                        : "'" + base::printable(connection.name, 100) + "'";
      fail_for(host,
               "check the spelling: the connection " + which + " is for " + base::printable(own.host(), 300));
    }
  }
  for (const auto& connection : all) require_account(connection, host);
  const std::string account{host.account_label()};
  for (const auto& connection : all) {
    if (connection.name.empty() && !account.empty() && registry_name_of(connection).is_from_locator())
      fail_for(host, how_to_set(connection, "account", account), why_without_registry(connection));
  }
  if (const auto& why_missing = connections.why_connection_is_missing(); !why_missing.empty())
    fail_for(host, why_missing);
  const std::string in_job =
      all.empty() ? "; in a job, set SNOWFLAKE_ACCOUNT=" + account + " and SNOWFLAKE_AUTHENTICATOR" : "";
  fail_for(host, {account.empty() ? "docker snowflake connection use <name> --host " + host.name()
                                  : "docker snowflake connection add <name> --account " + account +
                                        " --user <user>" + in_job,
                  base::Needs::new_connection});
}

[[noreturn]] void fail_for_locator(const Connection& connection) {
  std::string account = connection.text("account");
  const bool is_dotted = is_dotted_name(account);
  if (is_dotted) account[account.find('.')] = '-';
  throw Error(Kind::config, why_without_registry(connection),
              how_to_set(connection, "account", is_dotted ? account : "<organization>-<account>") +
                  "; 'docker snowflake image-registry url' asks Snowflake for the host");
}

}  // namespace

RegistryResolver::RegistryResolver(const base::Environment& environment)
    : environment_(environment), paths_(find_config_paths(environment)) {}

void RegistryResolver::use_config_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    const bool is_directory = std::filesystem::is_directory(file, ignored);
    throw Error(Kind::usage,
                "Invalid value for '--config-file': File '" + file.string() + "' " +
                    (is_directory ? "is a directory." : "does not exist."),
                "use the path of a config.toml of the Snowflake CLI");
  }
  paths_.config = file;
}

const Settings& RegistryResolver::settings() {
  if (!settings_) settings_ = Settings::read(paths_.settings);
  return *settings_;
}

const Connections& RegistryResolver::connections() {
  if (!connections_) connections_ = Connections::read(environment_, paths_);
  return *connections_;
}

std::vector<std::string> RegistryResolver::warnings_of_settings() const {
  if (!settings_) return {};
  auto warnings = settings_->warnings;
  try {
    static_cast<void>(base::read_file(paths_.settings, {.unreachable = &warnings}));
  } catch (const Error&) {
    // `settings` has thrown every other error of the file.
  }
  if (connections_) {
    std::erase_if(warnings, [&](const std::string& warning) {
      return std::ranges::find(connections_->warnings(), warning) != connections_->warnings().end();
    });
  }
  return warnings;
}

std::optional<docker::RegistryHost> RegistryResolver::find(std::string_view server_url) {
  if (auto host = docker::RegistryHost::parse(server_url)) return host;
  return docker::RegistryHost::parse(server_url, settings().named_hosts());
}

Connection RegistryResolver::connection_for(const docker::RegistryHost& host) {
  const auto* host_settings = settings_of(host);
  std::optional<Connection> connection;
  if (host_settings != nullptr && host_settings->connection) {
    connection = bound(host, *host_settings->connection, settings(), connections());
  } else {
    const auto all = candidates(connections());
    const auto found = std::ranges::find_if(
        all, [&](const Connection& candidate) { return matches(registry_name_of(candidate), host); });
    if (found == all.end()) fail_no_connection(host, all, connections());
    connection = *found;
  }
  if (host_settings != nullptr && host_settings->role)
    set_value(*connection, "role", base::Secret{*host_settings->role}, settings().file.string());
  connection->token_source = token_source_of(host);
  return *connection;
}

void RegistryResolver::check(const docker::RegistryHost& host) { account_of(connection_for(host)); }

docker::RegistryHost RegistryResolver::registry_of(const Connection& connection) {
  account_of(connection);  // report a wrong account first
  const auto name = registry_name_of(connection);
  const auto derived = name.is_from_locator() ? std::nullopt : docker::RegistryHost::parse(name.host());
  std::optional<docker::RegistryHost> snowflake_host;
  std::optional<docker::RegistryHost> other_host;
  for (const auto& [host, registry] : settings().registries) {
    if (connection.name.empty() || registry.connection != connection.name) continue;
    auto bound = docker::RegistryHost::parse(host, {host});
    if (!bound) continue;
    if (derived && *bound == *derived) return *derived;
    auto& first = bound->account_label().empty() ? other_host : snowflake_host;
    if (!first) first = std::move(bound);
  }
  for (const auto& host : {snowflake_host, derived, other_host}) {
    if (host) return *host;
  }
  fail_for_locator(connection);
}

std::optional<docker::RegistryHost> RegistryResolver::host_bound_elsewhere(const Connection& connection) {
  const auto name = registry_name_of(connection);
  if (name.is_from_locator()) return std::nullopt;
  const auto host = docker::RegistryHost::parse(name.host());
  if (!host) return std::nullopt;
  const auto* host_settings = settings_of(*host);
  const bool elsewhere =
      host_settings != nullptr && host_settings->connection && *host_settings->connection != connection.name;
  return elsewhere ? host : std::nullopt;
}

TokenSource RegistryResolver::token_source_of(const docker::RegistryHost& host) {
  const auto* host_settings = settings_of(host);
  return host_settings == nullptr ? TokenSource::session : host_settings->token_source;
}

Connection RegistryResolver::with_registry_settings(Connection connection,
                                                    const ConnectionSelection& selection) {
  if (selection.options.contains("role")) return connection;
  try {
    const auto* host_settings = settings_of(registry_of(connection));
    if (host_settings == nullptr) return connection;
    if (host_settings->role)
      set_value(connection, "role", base::Secret{*host_settings->role}, settings().file.string());
    connection.token_source = host_settings->token_source;
  } catch (const Error&) {
    // An account locator does not determine the registry. The login reports what else is wrong.
  }
  return connection;
}

const RegistrySettings* RegistryResolver::settings_of(const docker::RegistryHost& host) {
  const auto& registries = settings().registries;
  const auto entry = registries.find(host.name());
  return entry == registries.end() ? nullptr : &entry->second;
}

std::vector<std::string> RegistryResolver::hosts() {
  std::set<std::string> hosts;
  for (const auto& [host, registry] : settings().registries) hosts.insert(host);
  for (const auto& connection : candidates(connections())) {
    const auto name = registry_name_of(connection);
    if (!name.is_from_locator() && docker::RegistryHost::parse(name.host())) hosts.insert(name.host());
  }
  return {hosts.begin(), hosts.end()};
}

}  // namespace config
