// SPDX-License-Identifier: Apache-2.0
#include "settings_file/settings_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/settings.hpp"
#include "docker/registry.hpp"
#include "settings_file/toml_edit.hpp"

namespace plugin::settings_file {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view registries = "registries";

/// The host under which a registry is listed, whatever its spelling; empty when it is not a host.
std::string listed_host(std::string_view spelling) {
  if (const auto registry = docker::RegistryHost::parse(spelling)) return registry->name();
  return docker::normalized_host(spelling).value_or("");
}

[[noreturn]] void refuse_key(std::string_view text, const std::string& prefix,
                             const std::vector<std::string>& known, const std::string& word) {
  const auto meant = base::nearest(word, known);
  throw Error(Kind::usage, "'" + base::printable(text, 200) + "' is not a setting",
              meant.empty() ? "the settings are: " + prefix + base::join(known, ", " + prefix)
                            : "did you mean " + prefix + meant + "?");
}

std::vector<std::string> known_settings() {
  std::vector<std::string> names;
  for (const auto& setting : plain_settings) names.emplace_back(setting.name);
  for (const auto name : registry_settings) names.push_back("registries.<host>." + std::string{name});
  return names;
}

std::string_view without_quotes(std::string_view text) {
  const bool is_quoted =
      text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// The keys of a setting, with the host as it is spelled in the file.
TomlPath path_of(const Setting& setting, const std::string& text, const std::string& file_name) {
  if (setting.host.empty()) return {setting.name};
  const auto root = config::parse_toml(text, file_name);
  if (const auto* tables = root.find(registries)) {
    for (const auto& [spelling, table] : tables->members) {
      if (listed_host(spelling) == setting.host) return {std::string{registries}, spelling, setting.name};
    }
  }
  return {std::string{registries}, setting.host, setting.name};
}

/// Throws `usage` when the settings in `text` are invalid, of which only `value` is new.
void require_valid(const std::string& text, const std::string& file_name, const std::string& value) {
  try {
    config::Settings::parse(text, file_name);
  } catch (const config::ConfigFileError& error) {
    // Without the position in a file that was not written.
    throw Error(Kind::usage, "'" + base::printable(value, 100) + "' cannot be set: " + error.sentence(),
                "docker snowflake config shows what is set now");
  }
}

}  // namespace

Setting Setting::parse(std::string_view text) {
  const auto first = text.substr(0, text.find('.'));
  if (first != registries) {
    if (std::ranges::find(plain_settings, text, &PlainSetting::name) != plain_settings.end())
      return {{}, std::string{text}};
    refuse_key(text, "", known_settings(), std::string{text});
  }
  // The name of a host has dots of its own.
  const auto last = text.rfind('.');
  if (last == std::string_view::npos || last <= first.size())
    refuse_key(text, "", known_settings(), std::string{text});
  const std::string name{text.substr(last + 1)};
  const auto host = listed_host(without_quotes(text.substr(first.size() + 1, last - first.size() - 1)));
  if (std::ranges::find(registry_settings, name) == registry_settings.end())
    refuse_key(text, "registries.<host>.", {registry_settings.begin(), registry_settings.end()}, name);
  if (host.empty()) {
    throw Error(Kind::usage, "'" + base::printable(text, 200) + "' has no host name in it",
                "write registries.<host>." + name);
  }
  return {host, name};
}

std::string Setting::text() const {
  return host.empty() ? name : std::string{registries} + ".\"" + host + "\"." + name;
}

void Setting::require_registry_host() const {
  if (host.empty() || config::is_registry_host(host)) return;
  throw Error(Kind::usage,
              "'" + base::printable(host, 200) +
                  "' is not the host of a registry: " + std::string{config::why_not_a_registry_host},
              "write the whole host name, such as <organization>-<account>.registry.snowflakecomputing.com");
}

std::vector<Entry> entries(const std::string& text, const std::string& file_name) {
  std::vector<Entry> result;
  for (const auto& [key, value] : config::parse_toml(text, file_name).members) {
    if (key != registries) result.push_back({{{}, key}, std::string{value.text.reveal()}, value.line});
    for (const auto& [host, table] : value.members) {
      for (const auto& [name_in_table, setting] : table.members)
        result.push_back(
            {{listed_host(host), name_in_table}, std::string{setting.text.reveal()}, setting.line});
    }
  }
  return result;
}

std::string set(const std::string& text, const std::string& file_name, const Setting& setting,
                const std::string& value) {
  // After this, an error is about the new value, not about the file.
  config::Settings::parse(text, file_name);
  if (!base::is_utf8(value)) {
    throw Error(Kind::usage, "'" + base::printable(value, 100) + "' is not text in UTF-8",
                "write it in UTF-8");
  }
  const auto changed = with_value(text, file_name, path_of(setting, text, file_name), value);
  require_valid(changed, file_name, value);
  return changed;
}

std::string unset(const std::string& text, const std::string& file_name, const Setting& setting) {
  const auto changed = without_value(text, file_name, path_of(setting, text, file_name));
  if (changed != text) config::Settings::parse(changed, file_name);
  return changed;
}

}  // namespace plugin::settings_file
