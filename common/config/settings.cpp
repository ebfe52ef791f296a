// SPDX-License-Identifier: Apache-2.0
#include "config/settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "docker/registry.hpp"

namespace config {
namespace {

class Reader {
public:
  explicit Reader(Settings& settings) : settings_(settings) {}

  void read(const TomlValue& root) {
    for (const auto& [key, value] : root.members) {
      if (key == "store") {
        settings_.store = store_choice(key, value);
      } else if (key == "interactive") {
        settings_.helper_may_prompt = is_interactive(key, value);
      } else if (key == "registries") {
        read_registries(value);
      } else {
        fail(key, value, "is not a setting", "the settings are: store, interactive, registries");
      }
    }
  }

private:
  void read_registries(const TomlValue& table) {
    require(table.type == TomlValue::Type::table, "registries", table, "must be a table",
            "use [registries.\"<registry host>\"]");
    for (const auto& [name, entry] : table.members) {
      const std::string key = "registries.\"" + name + "\"";
      require(entry.type == TomlValue::Type::table, key, entry, "must be a table",
              "use [registries.\"<registry host>\"], with the quotes");
      const auto host = docker::normalized_host(name);
      require(host.has_value(), key, entry, "is not a valid host name", "use <host> or <host>:<port>");
      const auto registry_host = docker::RegistryHost::parse(*host);
      RegistrySettings ignored;
      const bool is_used = is_registry_host(*host);
      read_registry(key, entry,
                    is_used ? settings_.registries[registry_host ? registry_host->name() : *host] : ignored);
      if (!is_used) warn_of_unused_table(*host, entry);
    }
  }

  void read_registry(const std::string& prefix, const TomlValue& table, RegistrySettings& registry) {
    for (const auto& [key, value] : table.members) {
      if (key == "connection") {
        registry.connection = base::trim(text(prefix + "." + key, value));
      } else if (key == "role") {
        registry.role = text(prefix + "." + key, value);
      } else if (key == "through") {
        registry.token_source = token_source(prefix + "." + key, value);
      } else {
        fail(prefix + "." + key, value, "is not a setting",
             "the settings of a registry are: connection, role, through");
      }
    }
  }

  void warn_of_unused_table(const std::string& host, const TomlValue& table) {
    std::vector<std::string> commands;
    for (const auto& [key, value] : table.members)
      commands.push_back("docker snowflake config unset registries." + host + "." + key);
    settings_.warnings.push_back(settings_.file.string() + ":" + std::to_string(table.line) +
                                 ": [registries." + host + "] has no effect: " + why_not_a_registry_host +
                                 (commands.empty() ? "" : "; to remove it: " + base::join(commands, "; ")));
  }

  std::string text(const std::string& key, const TomlValue& value) const {
    require(value.type == TomlValue::Type::text && !value.text.empty(), key, value,
            "must be a string that is not empty", "write it in quotes");
    return std::string{value.text.reveal()};
  }

  StoreChoice store_choice(const std::string& key, const TomlValue& value) const {
    static const std::map<std::string, StoreChoice, std::less<>> choices = {
        {"auto", StoreChoice::automatic},
        {"keyring", StoreChoice::keyring},
        {"secret-service", StoreChoice::secret_service},
        {"none", StoreChoice::none}};
    const auto found =
        value.type == TomlValue::Type::text ? choices.find(value.text.reveal()) : choices.end();
    if (found == choices.end()) {
      fail(key, value, R"(must be "auto", "keyring", "secret-service" or "none")",
           R"(set store = "auto", "keyring", "secret-service" or "none")");
    }
    return found->second;
  }

  TokenSource token_source(const std::string& key, const TomlValue& value) const {
    const std::string word{value.type == TomlValue::Type::text ? value.text.reveal() : ""};
    require(word == "snow" || word == "pat", key, value, R"(must be "snow" or "pat")",
            "remove it to let this program get tokens itself");
    return word == "snow" ? TokenSource::snow : TokenSource::programmatic_access_token;
  }

  bool is_interactive(const std::string& key, const TomlValue& value) const {
    const std::string word{value.type == TomlValue::Type::text ? value.text.reveal() : ""};
    require(word == "terminal" || word == "never", key, value, R"(must be "never" or "terminal")",
            R"(set interactive = "never" or "terminal")");
    return word == "terminal";
  }

  void require(bool condition, const std::string& key, const TomlValue& value, const std::string& what,
               const std::string& hint) const {
    if (!condition) fail(key, value, what, hint);
  }

  [[noreturn]] void fail(const std::string& key, const TomlValue& value, const std::string& what,
                         const std::string& hint) const {
    throw ConfigFileError(settings_.file.string() + ":" + std::to_string(value.line),
                          base::printable(key, 300) + " " + what, hint);
  }

  Settings& settings_;
};

}  // namespace

bool is_registry_host(std::string_view host) {
  return host == "localhost" || host.find_first_of(".:") != std::string_view::npos;
}

Settings Settings::read(const std::filesystem::path& file) {
  Settings settings;
  settings.file = file;
  // This file decides which hosts get tokens.
  auto options = trusted_file_options(file);
  std::vector<std::string> unreachable;
  options.unreachable = &unreachable;
  if (const auto root = read_toml(file, options)) Reader{settings}.read(*root);
  return settings;
}

Settings Settings::parse(std::string_view text, const std::filesystem::path& file) {
  Settings settings;
  settings.file = file;
  Reader{settings}.read(parse_toml(text, file.string()));
  return settings;
}

std::vector<std::string> Settings::named_hosts() const {
  std::vector<std::string> hosts;
  for (const auto& [host, registry] : registries) hosts.push_back(host);
  return hosts;
}

}  // namespace config
