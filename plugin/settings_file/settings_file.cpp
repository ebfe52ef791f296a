// SPDX-License-Identifier: Apache-2.0
#include "settings_file/settings_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/settings.hpp"
#include "docker/registry.hpp"
#include "settings_file/toml_lines.hpp"

namespace plugin::settings_file {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view registries = "registries";

/// The host under which a registry is listed, whatever its spelling; empty when it is not a host.
std::string listed_host(std::string_view spelling) {
  if (const auto genuine = docker::RegistryHost::parse(spelling)) return genuine->name();
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

const config::TomlValue* table_of(const config::TomlValue& root, const std::string& host) {
  const auto* tables = root.find(registries);
  if (tables == nullptr) return nullptr;
  for (const auto& [spelling, table] : tables->members) {
    if (listed_host(spelling) == host) return &table;
  }
  return nullptr;
}

const config::TomlValue* value_of(const config::TomlValue& root, const Setting& setting) {
  const auto* table = setting.host.empty() ? &root : table_of(root, setting.host);
  return table == nullptr ? nullptr : table->find(setting.name);
}

void add_table(Lines& lines, const std::string& host, const std::string& entry) {
  if (!lines.empty() && kind_of(lines.back()) != '\0') insert(lines, lines.size(), "");
  insert(lines, lines.size(), "[registries." + toml_quoted(host) + "]");
  insert(lines, lines.size(), entry);
}

/// Every setting with its value, sorted: what a change must leave as it was.
std::vector<std::pair<std::string, std::string>> values_in(const std::string& text, const std::string& name) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& entry : entries(text, name)) values.emplace_back(entry.setting.text(), entry.value);
  std::ranges::sort(values);
  return values;
}

/// Throws unless `text` has the intended value of `setting`, and every other value as in `before`.
void require_only_change(const std::string& text, const std::string& before, const std::string& name,
                         const Setting& setting, const std::string* value, unsigned line) {
  auto expected = values_in(before, name);
  std::erase_if(expected, [&](const auto& entry) { return entry.first == setting.text(); });
  if (value != nullptr) expected.emplace_back(setting.text(), *value);
  std::ranges::sort(expected);
  try {
    if (values_in(text, name) == expected) return;
  } catch (const Error&) {
    // It is not TOML any more.
  }
  refuse_form(name, line);
}

/// Throws `usage` when the settings cannot have the new value, which is all that is new in `text`.
void require_valid(const std::string& text, const std::string& name, const std::string& value) {
  try {
    config::Settings::parse(text, name);
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

void Setting::require_host_of_docker() const {
  if (host.empty() || config::is_registry_host(host)) return;
  throw Error(Kind::usage,
              "'" + base::printable(host, 200) +
                  "' is not the host of a registry: " + std::string{config::why_no_registry_host},
              "write the whole host name, such as <organization>-<account>.registry.snowflakecomputing.com");
}

std::vector<Entry> entries(const std::string& text, const std::string& name) {
  std::vector<Entry> result;
  for (const auto& [key, value] : config::parse_toml(text, name).members) {
    if (key != registries) result.push_back({{{}, key}, std::string{value.text.reveal()}, value.line});
    for (const auto& [host, table] : value.members) {
      for (const auto& [word, said] : table.members)
        result.push_back({{listed_host(host), word}, std::string{said.text.reveal()}, said.line});
    }
  }
  return result;
}

std::string set(const std::string& text, const std::string& name, const Setting& setting,
                const std::string& value) {
  const auto root = config::parse_toml(text, name);
  // Whatever is wrong from here on is the new value's fault, not the file's.
  config::Settings::parse(text, name);
  const auto quoted = toml_quoted(value);
  try {
    config::parse_toml("value = " + quoted, name);
  } catch (const Error&) {
    throw Error(Kind::usage, "'" + base::printable(value, 100) + "' is not text in UTF-8",
                "write it in UTF-8");
  }
  const auto entry = setting.name + " = " + quoted;
  auto lines = lines_of(text);
  unsigned line = 1;
  if (const auto* old = value_of(root, setting)) {
    line = old->line;
    lines[line - 1] = with_value(lines[line - 1], quoted, name, line);
  } else if (setting.host.empty()) {
    add_to_root(lines, entry);
  } else if (const auto* table = table_of(root, setting.host)) {
    line = table->line;
    if (!is_table(lines[line - 1])) refuse_form(name, line);
    insert(lines, end_of_entries(lines, line), entry);
  } else {
    add_table(lines, setting.host, entry);
  }
  const auto changed = base::join(lines, "");
  require_only_change(changed, text, name, setting, &value, line);
  require_valid(changed, name, value);
  return changed;
}

std::string unset(const std::string& text, const std::string& name, const Setting& setting) {
  const auto root = config::parse_toml(text, name);
  const auto* old = value_of(root, setting);
  if (old == nullptr) return text;
  auto lines = lines_of(text);
  static_cast<void>(with_value(lines[old->line - 1], "", name, old->line));
  remove(lines, old->line - 1);
  if (const auto* table = setting.host.empty() ? nullptr : table_of(root, setting.host)) {
    const auto begin = table->line - 1;
    if (is_table(lines[begin]) && end_of_entries(lines, begin + 1) == begin + 1) {
      remove(lines, begin);
      if (begin > 0 && kind_of(lines[begin - 1]) == '\0') remove(lines, begin - 1);
    }
  }
  const auto changed = base::join(lines, "");
  require_only_change(changed, text, name, setting, nullptr, old->line);
  config::Settings::parse(changed, name);
  return changed;
}

}  // namespace plugin::settings_file
