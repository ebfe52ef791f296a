// SPDX-License-Identifier: Apache-2.0
#include "config/connections.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;

void set(Connection& connection, std::string_view key, const base::Secret& value) {
  connection.fields.insert_or_assign(std::string{canonical_key(key)}, value);
}

void override_by_variables(Connection& connection, const base::Environment& environment) {
  const std::string prefix = "SNOWFLAKE_CONNECTIONS_" + base::to_upper(connection.name) + "_";
  for (auto entry = environment.all().lower_bound(prefix);
       entry != environment.all().end() && entry->first.starts_with(prefix); ++entry) {
    // An empty value counts, too: it removes a password.
    set(connection, base::to_lower(std::string_view{entry->first}.substr(prefix.size())),
        base::Secret{entry->second});
  }
}

void fill_by_variables(Connection& connection, const base::Environment& environment) {
  for (const auto& key : connection_keys()) {
    if (!key.from_variable) continue;
    for (const auto name : {key.name, key.alias}) {
      if (name.empty()) continue;
      const auto value = environment.non_empty("SNOWFLAKE_" + base::to_upper(name));
      if (value) connection.fields.try_emplace(std::string{key.name}, *value);
    }
  }
}

/// Whether an option holds a secret for this one login: an earlier refusal says nothing about it.
bool is_typed_secret(std::string_view key) { return key == "passcode_at_terminal" || may_hold_secret(key); }

/// The tables below \c section. Other values are ignored: selecting one by name is an error later.
std::vector<Connection> connections_in(const TomlValue& section, const base::Environment* overrides) {
  std::vector<Connection> connections;
  for (const auto& [name, value] : section.members) {
    if (value.type != TomlValue::Type::table) continue;
    Connection connection;
    connection.name = name;
    for (const auto& [key, member] : value.members) set(connection, key, member.text);
    // The Snowflake CLI does not apply variables to inline tables.
    if (overrides != nullptr && !value.is_inline_table) override_by_variables(connection, *overrides);
    connections.push_back(std::move(connection));
  }
  return connections;
}

/// A table that has an account; not one that only holds other tables.
bool looks_like_connection(const TomlValue& value) {
  return value.type == TomlValue::Type::table && value.find("account") != nullptr &&
         value.find("account")->type == TomlValue::Type::text;
}

std::vector<std::string> names_of(const std::vector<Connection>& connections) {
  std::vector<std::string> names;
  for (const auto& connection : connections) names.push_back(connection.name);
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Connections Connections::read(const base::Environment& environment, const ConfigPaths& files) {
  Connections result;
  result.environment_ = environment;
  result.file_ = files.connections;
  const auto read = [&](const std::filesystem::path& file) {
    return read_toml(file, secret_file(file, environment, result.warnings_));
  };

  std::vector<Connection> in_config;
  if (const auto root = read(files.config)) {
    if (const auto* name = root->find("default_connection_name")) result.default_name_ = name->text.reveal();
    for (const auto& [name, value] : root->members) {
      if (name == "connections" || !looks_like_connection(value)) continue;
      result.warnings_.push_back(
          files.config.string() + ":" + std::to_string(value.line) + ": [" + base::printable(name, 100) +
          "] has no effect in this file: use [connections." + base::printable(name, 100) + "]");
    }
    if (const auto* section = root->find("connections")) {
      in_config = connections_in(*section, &environment);
      if (const auto* misplaced = section->find("default_connection_name");
          misplaced != nullptr && misplaced->type == TomlValue::Type::text) {
        result.warnings_.push_back(
            files.config.string() + ":" + std::to_string(misplaced->line) +
            ": default_connection_name inside [connections] has no effect: move it above the first [table]");
      }
    }
  }
  const auto root = read(files.connections);
  const auto whole = environment.get("SNOWFLAKE_CONNECTIONS");
  if (whole) {
    result.connections_ = connections_in(parse_toml(*whole, "SNOWFLAKE_CONNECTIONS"), nullptr);
  } else if (root) {
    // The whole section is replaced, not merged.
    result.connections_ = connections_in(*root, &environment);
    for (const auto& name : names_of(in_config)) {
      if (!contains(names_of(result.connections_), name)) result.hidden_.push_back(name);
    }
    if (const auto* nested = root->find("connections");
        nested != nullptr && nested->type == TomlValue::Type::table) {
      if (!looks_like_connection(*nested))
        std::erase_if(result.connections_, [](const auto& each) { return each.name == "connections"; });
      result.warnings_.push_back(files.connections.string() + ":" + std::to_string(nested->line) +
                                 ": [connections.<name>] has no effect in this file: use [<name>]");
    }
  } else {
    result.connections_ = std::move(in_config);
  }
  if (const auto name = environment.non_empty("SNOWFLAKE_DEFAULT_CONNECTION_NAME"))
    result.default_name_ = *name;
  return result;
}

std::vector<std::string> Connections::names() const {
  auto names = names_of(connections_);
  if (const auto found = std::ranges::find(names, default_name_); found != names.end()) {
    std::rotate(names.begin(), found, found + 1);
  }
  return names;
}

Connection Connections::chosen(const ConnectionSelection& selection) const {
  if (selection.temporary && selection.name) {
    throw Error(Kind::config, "Can't use connection name and temporary connection.", "use either -c or -x");
  }
  Connection connection;
  if (!selection.temporary) {
    const std::string name = selection.name.value_or(default_name_);
    const auto found = std::ranges::find(connections_, name, &Connection::name);
    if (found == connections_.end()) {
      const auto known = names();
      std::string hint = known.empty() ? "docker snowflake connection add " + base::printable(name, 100)
                                       : "the connections are: " + base::join(known, ", ");
      Connection of_variables;
      fill_by_variables(of_variables, environment_);
      if (known.empty() && !of_variables.fields.empty())
        hint = "add -x to use the connection from the SNOWFLAKE_... variables";
      if (contains(hidden_, name))
        hint = "it is in config.toml, whose connections are ignored because of " + file_.string() +
               ": move it there";
      throw Error(Kind::config, "Connection " + base::printable(name, 100) + " is not configured", hint);
    }
    connection = *found;
  }
  for (const auto& [key, value] : selection.options) {
    set(connection, key, value);
    connection.has_typed_secret = connection.has_typed_secret || is_typed_secret(key);
  }
  fill_by_variables(connection, environment_);
  return connection;
}

}  // namespace config
