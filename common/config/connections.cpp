// SPDX-License-Identifier: Apache-2.0
#include "config/connections.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/connection_keys.hpp"
#include "config/value_repair.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;

void override_by_variables(Connection& connection, const base::Environment& environment) {
  const std::string prefix = "SNOWFLAKE_CONNECTIONS_" + base::to_upper(connection.name) + "_";
  for (auto entry = environment.all().lower_bound(prefix);
       entry != environment.all().end() && entry->first.starts_with(prefix); ++entry) {
    // An empty value counts as well: it removes a password.
    set_value(connection, base::to_lower(std::string_view{entry->first}.substr(prefix.size())),
              base::Secret{entry->second}, entry->first);
  }
}

void fill_by_variables(Connection& connection, const base::Environment& environment) {
  for (const auto& key : connection_keys()) {
    if (!key.from_variable) continue;
    for (const auto name : {key.name, key.alias}) {
      if (name.empty()) continue;
      const std::string variable = "SNOWFLAKE_" + base::to_upper(name);
      const auto value = environment.non_empty(variable);
      if (value && !connection.has(key.name)) set_value(connection, key.name, base::Secret{*value}, variable);
    }
  }
}

/// Whether an option sets a secret: after a refusal, a login with another secret is worth trying.
bool is_secret_option(std::string_view key) { return key == "passcode_at_terminal" || may_hold_secret(key); }

/// The name of the option that sets a key.
std::string option_of(std::string_view key) {
  const auto* known = find_connection_key(key);
  const std::string_view flag = known == nullptr ? "" : known->first_flag();
  return std::string{flag.empty() ? key : flag};
}

/// A table that has an account; not one that only holds other tables.
bool looks_like_connection(const TomlValue& value) {
  return value.type == TomlValue::Type::table && value.find("account") != nullptr &&
         value.find("account")->type == TomlValue::Type::text;
}

bool is_table(const TomlMember& member) { return member.value.type == TomlValue::Type::table; }

/// The connections in tables of the table `name`, by their names with dots, and their lines:
/// [connections.dev.eu] is one in [connections.dev].
std::vector<std::pair<std::string, unsigned>> nested_connections(const std::string& name,
                                                                 const TomlValue& table) {
  std::vector<std::pair<std::string, unsigned>> found;
  for (const auto& inner : table.members) {
    if (!is_table(inner)) continue;
    const std::string dotted = name + "." + inner.key;
    if (looks_like_connection(inner.value)) found.emplace_back(dotted, inner.value.line);
    const auto further = nested_connections(dotted, inner.value);
    found.insert(found.end(), further.begin(), further.end());
  }
  return found;
}

/// The tables below `section` of `source`. Other values are ignored: selecting one by name is an error later.
std::vector<Connection> connections_in(const TomlValue& section, const std::string& source,
                                       const base::Environment* overrides) {
  std::vector<Connection> connections;
  for (const auto& member : section.members) {
    const auto& [name, value] = member;
    if (!is_table(member)) continue;
    if (std::ranges::all_of(value.members, is_table) && !nested_connections(name, value).empty()) continue;
    Connection connection;
    connection.name = name;
    for (const auto& [key, field] : value.members) {
      set_value(connection, key, field.text, source + ":" + std::to_string(field.line));
      if (field.type != TomlValue::Type::text) connection.non_text_keys.emplace(canonical_key(key));
    }
    // The Snowflake CLI does not apply variables to inline tables.
    if (overrides != nullptr && !value.is_inline_table) override_by_variables(connection, *overrides);
    connections.push_back(std::move(connection));
  }
  return connections;
}

/// Connections whose names must be quoted, as sentences for the user. `prefix` is what precedes a name in a
/// heading.
std::vector<std::string> unquoted_connections(const TomlValue& section, const std::filesystem::path& file,
                                              const std::string& prefix) {
  std::vector<std::string> warnings;
  for (const auto& member : section.members) {
    // Another heading of the wrong file, which `misplaced_connections` explains.
    if (!is_table(member) || member.key == "connections") continue;
    for (const auto& [dotted, line] : nested_connections(member.key, member.value)) {
      const auto name = base::printable(dotted, 100);
      warnings.push_back(file.string() + ":" + std::to_string(line) + ": [" + prefix + name +
                         "] has no effect, because a name with a dot must be quoted: use [" + prefix + "\"" +
                         name + "\"]");
    }
  }
  return warnings;
}

/// Connections that have no effect because of how their table is written, as sentences for the user.
std::vector<std::string> misplaced_connections(const TomlValue& root, const std::filesystem::path& file,
                                               const std::string& correct_form) {
  std::vector<std::string> warnings;
  const auto warn = [&](const TomlValue& value, const std::string& what) {
    warnings.push_back(file.string() + ":" + std::to_string(value.line) + ": " + what +
                       " has no effect: use " + correct_form);
  };
  for (const auto& [name, value] : root.members) {
    const std::string lower = base::to_lower(name);
    if (lower == "connection" || (lower == "connections" && name != "connections"))
      warn(value, "[" + base::printable(name, 100) + "]");
    if (name == "connections" && value.type != TomlValue::Type::table) warn(value, "[[connections]]");
    if (value.type == TomlValue::Type::text && (name == "account" || name == "user"))
      warn(value, name + " outside of a table");
  }
  const auto* section = root.find("connections");
  if (section == nullptr || section->type != TomlValue::Type::table) return warnings;
  for (const auto& [name, value] : section->members) {
    if (value.type == TomlValue::Type::other)
      warn(value, "[[connections." + base::printable(name, 100) + "]]");
  }
  return warnings;
}

std::vector<std::string> names_of(const std::vector<Connection>& connections) {
  std::vector<std::string> names;
  for (const auto& connection : connections) names.push_back(connection.name);
  return names;
}

/// The error when the selected connection does not exist.
Error not_configured(const Connections& connections, const ConnectionSelection& selection) {
  const std::string name = selection.name.value_or(connections.default_name());
  const auto known = connections.names();
  const bool has_variables = connections.from_variables().has_value();
  const bool is_ignored =
      std::ranges::find(connections.ignored(), name, &Connection::name) != connections.ignored().end();
  const auto next = [&]() -> base::NextStep {
    if (is_ignored) {
      return "it is in config.toml, whose connections are ignored because of " + connections.file().string() +
             ": move it there";
    }
    if (known.empty() && has_variables)
      return "add -x to use the connection from the SNOWFLAKE_... variables";
    if (known.empty()) {
      return {selection.name ? "docker snowflake connection add " + base::printable(name, 100)
                             : "docker snowflake setup, which asks for a connection at a terminal",
              base::Needs::new_connection};
    }
    return selection.name ? "the connections are: " + base::join(known, ", ") : connections.how_to_choose();
  }();
  const bool is_first = known.empty() && !has_variables && connections.warnings().empty() &&
                        !selection.name && name == "default";
  return {Kind::config,
          is_first ? "there is no Snowflake connection yet"
                   : "Connection " + base::printable(name, 100) + " is not configured",
          next};
}

}  // namespace

void Connections::warn_of_missing(std::string warning) {
  if (why_missing_.empty()) why_missing_ = warning;
  warnings_.push_back(std::move(warning));
}

std::vector<Connection> Connections::read_config(const TomlValue& root, const std::filesystem::path& file) {
  for (auto& warning : misplaced_connections(root, file, "[connections.<name>]"))
    warn_of_missing(std::move(warning));
  if (const auto* name = root.find("default_connection_name")) default_name_ = name->text.reveal();
  for (const auto& [name, value] : root.members) {
    if (name == "connections" || !looks_like_connection(value)) continue;
    const auto shown = base::printable(name, 100);
    warn_of_missing(file.string() + ":" + std::to_string(value.line) + ": [" + shown +
                    "] has no effect in this file: use [connections." + shown + "]");
  }
  const auto* section = root.find("connections");
  if (section == nullptr) return {};
  for (auto& warning : unquoted_connections(*section, file, "connections."))
    warn_of_missing(std::move(warning));
  const auto* misplaced = section->find("default_connection_name");
  if (misplaced != nullptr && misplaced->type == TomlValue::Type::text) {
    warn_of_missing(
        file.string() + ":" + std::to_string(misplaced->line) +
        ": default_connection_name inside [connections] has no effect: move it above the first [table]");
  }
  return connections_in(*section, file.string(), &environment_);
}

void Connections::read_connections(const TomlValue& root, std::vector<Connection> in_config) {
  for (auto& warning : misplaced_connections(root, file_, "[<name>]")) warn_of_missing(std::move(warning));
  for (auto& warning : unquoted_connections(root, file_, "")) warn_of_missing(std::move(warning));
  // The whole section is replaced, not merged.
  connections_ = connections_in(root, file_.string(), &environment_);
  const auto names = names_of(connections_);
  const std::set<std::string> effective{names.begin(), names.end()};
  std::erase_if(in_config, [&](const auto& connection) { return effective.contains(connection.name); });
  ignored_ = std::move(in_config);
  const auto* nested = root.find("connections");
  if (nested == nullptr || nested->type != TomlValue::Type::table) return;
  if (!looks_like_connection(*nested))
    std::erase_if(connections_, [](const auto& each) { return each.name == "connections"; });
  warn_of_missing(file_.string() + ":" + std::to_string(nested->line) +
                  ": [connections.<name>] has no effect in this file: use [<name>]");
}

Connections Connections::read(const base::Environment& environment, const ConfigPaths& files) {
  Connections result;
  result.environment_ = environment;
  result.file_ = files.connections;
  for (auto& warning : warnings_about_paths(environment)) result.warn_of_missing(std::move(warning));
  const auto read = [&](const std::filesystem::path& file) {
    return read_toml(file, secret_file_options(file, environment, result.warnings_));
  };
  std::vector<Connection> in_config;
  if (const auto root = read(files.config)) in_config = result.read_config(*root, files.config);
  const auto root = read(files.connections);
  if (const auto whole = environment.non_empty("SNOWFLAKE_CONNECTIONS")) {
    result.connections_ =
        connections_in(parse_toml(*whole, "SNOWFLAKE_CONNECTIONS"), "SNOWFLAKE_CONNECTIONS", nullptr);
  } else if (root) {
    result.read_connections(*root, std::move(in_config));
  } else {
    result.connections_ = std::move(in_config);
  }
  if (!result.ignored_.empty()) {
    result.warnings_.push_back(
        files.config.string() + ": its connections are ignored because of " + files.connections.string() +
        ", move them there: " + base::printable(base::join(names_of(result.ignored_), ", ")));
  }
  if (const auto name = environment.non_empty("SNOWFLAKE_DEFAULT_CONNECTION_NAME")) {
    result.default_name_ = *name;
    result.default_is_from_variable_ = true;
  }
  for (std::size_t index = 0; index < result.connections_.size(); ++index)
    result.positions_.emplace(result.connections_[index].name, index);
  return result;
}

std::vector<std::string> Connections::names() const {
  auto names = names_of(connections_);
  if (const auto found = std::ranges::find(names, default_name_); found != names.end()) {
    std::rotate(names.begin(), found, found + 1);
  }
  return names;
}

base::NextStep Connections::how_to_choose() const {
  const std::string first = name_in_command(names().front());
  return {(default_is_from_variable_ ? "export SNOWFLAKE_DEFAULT_CONNECTION_NAME=" + first
                                     : "docker snowflake connection use " + first) +
          ", which makes it the default; or add -c " + first + " to this command"};
}

std::optional<Connection> Connections::from_variables() const {
  Connection connection;
  fill_by_variables(connection, environment_);
  return connection.has("account") ? std::optional{std::move(connection)} : std::nullopt;
}

Connection Connections::select(const ConnectionSelection& selection) const {
  if (selection.temporary && selection.name) {
    throw Error(Kind::config, "Can't use connection name and temporary connection.", "use either -c or -x");
  }
  Connection connection;
  if (!selection.temporary) {
    const auto found = positions_.find(selection.name.value_or(default_name_));
    if (found == positions_.end()) throw not_configured(*this, selection);
    connection = connections_[found->second];
  }
  for (const auto& [key, value] : selection.options) {
    set_value(connection, key, value, option_of(key));
    connection.has_secret_option = connection.has_secret_option || is_secret_option(key);
  }
  fill_by_variables(connection, environment_);
  return connection;
}

}  // namespace config
