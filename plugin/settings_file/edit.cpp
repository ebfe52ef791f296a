// SPDX-License-Identifier: Apache-2.0
#include "settings_file/edit.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/settings.hpp"
#include "settings_file/lines.hpp"

namespace plugin::settings_file {
namespace {

using base::Error;
using base::Kind;

const config::TomlValue* table_of(const config::TomlValue& root, const std::string& host) {
  const auto* registries = root.find("registries");
  if (registries == nullptr) return nullptr;
  for (const auto& [spelling, table] : registries->members) {
    if (listed_host(spelling) == host) return &table;
  }
  return nullptr;
}

const config::TomlValue* value_of(const config::TomlValue& root, const Setting& setting) {
  const auto* table = setting.host.empty() ? &root : table_of(root, setting.host);
  return table == nullptr ? nullptr : table->find(setting.name);
}

[[noreturn]] void refuse_form(const std::string& name, unsigned line) {
  throw Error(Kind::config,
              name + ":" + std::to_string(line) + ": this is written in a form that is not changed here",
              "change that line in an editor, or write it as <key> = \"<value>\" below its [table]");
}

/// Where a new plain setting goes: behind the others, else in front of the first table and what belongs to
/// it.
void add_plain(Lines& lines, const std::string& entry) {
  std::size_t table = 0;
  std::size_t behind = 0;
  for (; table < lines.size() && !lines.is_table(table); ++table) {
    if (lines.is_entry(table)) behind = table + 1;
  }
  if (behind > 0 || table == lines.size()) return lines.insert(behind > 0 ? behind : table, entry);
  while (table > 0 && lines.is_comment(table - 1)) --table;
  lines.insert(table, "");
  lines.insert(table, entry);
}

void add_to_table(Lines& lines, std::size_t table, const std::string& entry) {
  auto end = lines.end_of_table(table);
  while (end > table + 1 && !lines.is_entry(end - 1)) --end;
  lines.insert(end, entry);
}

void add_table(Lines& lines, const std::string& host, const std::string& entry) {
  if (lines.size() > 0 && !lines.is_blank(lines.size() - 1)) lines.insert(lines.size(), "");
  lines.insert(lines.size(), "[registries." + toml_quoted(host) + "]");
  lines.insert(lines.size(), entry);
}

void remove_if_empty(Lines& lines, std::size_t table) {
  const auto end = lines.end_of_table(table);
  for (auto index = table + 1; index < end; ++index) {
    if (lines.is_entry(index)) return;
  }
  lines.remove(table);
  if (table > 0 && lines.is_blank(table - 1)) lines.remove(table - 1);
}

/// By name; what a change must not touch is to be the same before and after it.
std::map<std::string, std::string> values_in(const std::string& text, const std::string& name) {
  std::map<std::string, std::string> values;
  for (const auto& entry : entries(text, name)) values.insert_or_assign(entry.setting.text(), entry.value);
  return values;
}

bool is_toml(const std::string& text, const std::string& name) {
  try {
    config::parse_toml(text, name);
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

[[noreturn]] void refuse_value(const std::string& value, const std::string& name, const base::Error& error) {
  // Without the place in a file that nobody wrote.
  std::string_view words = error.what();
  if (words.starts_with(name)) words.remove_prefix(std::min(words.find(": ", name.size()) + 2, words.size()));
  throw base::Error(base::Kind::usage,
                    "'" + base::printable(value, 100) + "' cannot be set: " + std::string{words},
                    error.hint());
}

}  // namespace

std::vector<Entry> entries(const std::string& text, const std::string& name) {
  std::vector<Entry> result;
  for (const auto& [key, value] : config::parse_toml(text, name).members) {
    if (key != "registries") result.push_back({{{}, key}, std::string{value.text.reveal()}, value.line});
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
  const auto quoted = toml_quoted(value);
  if (!is_toml("value = " + quoted, name))
    throw base::Error(base::Kind::usage, "'" + base::printable(value, 100) + "' is not text in UTF-8",
                      "write it in UTF-8");
  const auto entry = setting.name + " = " + quoted;
  Lines lines{text};
  unsigned line = 1;
  if (const auto* old = value_of(root, setting)) {
    line = old->line;
    const auto changed = with_value(lines[line - 1], quoted);
    if (changed.empty()) refuse_form(name, line);
    lines.replace(line - 1, changed);
  } else if (setting.host.empty()) {
    add_plain(lines, entry);
  } else if (const auto* table = table_of(root, setting.host)) {
    line = table->line;
    if (!lines.is_table(line - 1)) refuse_form(name, line);
    add_to_table(lines, line - 1, entry);
  } else {
    add_table(lines, setting.host, entry);
  }
  auto expected = values_in(text, name);
  expected.insert_or_assign(setting.text(), value);
  // Whatever is wrong from here on is the new value's fault, not the file's.
  config::Settings::parse(text, name);
  if (!is_toml(lines.text(), name)) refuse_form(name, line);
  try {
    config::Settings::parse(lines.text(), name);
  } catch (const base::Error& error) {
    refuse_value(value, name, error);
  }
  if (values_in(lines.text(), name) != expected) refuse_form(name, line);
  return lines.text();
}

std::string unset(const std::string& text, const std::string& name, const Setting& setting) {
  const auto root = config::parse_toml(text, name);
  const auto* old = value_of(root, setting);
  if (old == nullptr) return text;
  Lines lines{text};
  if (with_value(lines[old->line - 1], "\"\"").empty()) refuse_form(name, old->line);
  lines.remove(old->line - 1);
  const auto* table = setting.host.empty() ? nullptr : table_of(root, setting.host);
  if (table != nullptr && lines.is_table(table->line - 1)) remove_if_empty(lines, table->line - 1);
  auto expected = values_in(text, name);
  expected.erase(setting.text());
  config::Settings::parse(lines.text(), name);
  if (values_in(lines.text(), name) != expected) refuse_form(name, old->line);
  return lines.text();
}

}  // namespace plugin::settings_file
