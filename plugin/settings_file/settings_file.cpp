// SPDX-License-Identifier: Apache-2.0
#include "settings_file/settings_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/settings.hpp"
#include "docker/registry.hpp"

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

/// Lines with their ends.
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

/// What a line is by its first character: '[' for a table, '#' for a comment, '\0' for a blank line.
char kind_of(const std::string& line) {
  const auto trimmed = base::trim(line);
  return trimmed.empty() ? '\0' : trimmed.front();
}
bool is_table(const std::string& line) { return kind_of(line) == '['; }
bool is_entry(const std::string& line) {
  return kind_of(line) != '\0' && kind_of(line) != '#' && !is_table(line);
}

void insert(Lines& lines, std::size_t index, const std::string& line) {
  const std::string end = !lines.empty() && lines.front().ends_with("\r\n") ? "\r\n" : "\n";
  if (index > 0 && !lines[index - 1].ends_with('\n')) lines[index - 1] += end;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), line + end);
}

void remove(Lines& lines, std::size_t index) {
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
}

/// Behind the last entry of the table whose name is in front of `begin`; `begin` when it has none.
std::size_t end_of_entries(const Lines& lines, std::size_t begin) {
  auto end = begin;
  for (auto index = begin; index < lines.size() && !is_table(lines[index]); ++index) {
    if (is_entry(lines[index])) end = index + 1;
  }
  return end;
}

/// Where the text in quotes ends that begins at `at`; npos when it does not end in this line.
std::size_t end_of_quotes(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (++at; at < line.size(); ++at) {
    if (line[at] == '\\' && quote == '"') {
      ++at;
    } else if (line[at] == quote) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

/// Behind the = of an entry; npos when there is none.
std::size_t begin_of_value(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '=') return line.find_first_not_of(" \t", at + 1);
    const bool is_quote = line[at] == '"' || line[at] == '\'';
    at = is_quote ? end_of_quotes(line, at) : at + 1;
  }
  return std::string_view::npos;
}

[[noreturn]] void refuse_form(const std::string& name, unsigned line) {
  throw Error(Kind::config,
              name + ":" + std::to_string(line) + ": this is written in a form that is not changed here",
              "change that line in an editor, or write it as <key> = \"<value>\" below its [table]");
}

/// A line `key = "text" # comment` with another value; everything else of it stays. Throws `config` when it
/// is not of that form.
std::string with_value(const std::string& line, const std::string& value, const std::string& name,
                       unsigned number) {
  const auto begin = begin_of_value(line);
  const auto has = [&](const char* text) {
    return line.compare(begin, std::string_view{text}.size(), text) == 0;
  };
  if (begin == std::string::npos || (!has("\"") && !has("'")) || has("\"\"\"") || has("'''"))
    refuse_form(name, number);
  const auto end = end_of_quotes(line, begin);
  if (end == std::string::npos) refuse_form(name, number);
  const auto rest = kind_of(line.substr(end));
  if (rest != '\0' && rest != '#') refuse_form(name, number);
  return line.substr(0, begin) + value + line.substr(end);
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

/// Behind the other plain settings, else in front of the first table and the comments that belong to it.
void add_plain(Lines& lines, const std::string& entry) {
  const auto behind = end_of_entries(lines, 0);
  auto table = static_cast<std::size_t>(std::ranges::find_if(lines, is_table) - lines.begin());
  if (behind > 0 || table == lines.size()) return insert(lines, behind > 0 ? behind : table, entry);
  while (table > 0 && kind_of(lines[table - 1]) == '#') --table;
  insert(lines, table, "");
  insert(lines, table, entry);
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

bool is_same(const config::TomlValue& left, const config::TomlValue& right);

/// Whether two tables have the same members in the same order, `key` aside.
bool is_same_but(std::string_view key, const config::TomlValue& left, const config::TomlValue& right) {
  const auto others = [key](const config::TomlValue& table) {
    std::vector<const config::TomlMember*> members;
    for (const auto& member : table.members) {
      if (member.key != key) members.push_back(&member);
    }
    return members;
  };
  return std::ranges::equal(others(left), others(right), [](const auto* one, const auto* other) {
    return one->key == other->key && is_same(one->value, other->value);
  });
}

bool is_same(const config::TomlValue& left, const config::TomlValue& right) {
  return left.type == right.type && left.text.reveal() == right.text.reveal() && is_same_but("", left, right);
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
    add_plain(lines, entry);
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

std::string with_default_connection(const std::string& text, const std::string& name,
                                    const std::string& connection) {
  constexpr const char* key = "default_connection_name";
  const auto root = config::parse_toml(text, name);
  auto lines = lines_of(text);
  unsigned line = 1;
  if (const auto* old = root.find(key)) {
    line = old->line;
    lines[line - 1] = with_value(lines[line - 1], toml_quoted(connection), name, line);
  } else {
    add_plain(lines, std::string{key} + " = " + toml_quoted(connection));
  }
  auto changed = base::join(lines, "");
  try {
    const auto after = config::parse_toml(changed, name);
    const auto* value = after.find(key);
    if (value != nullptr && value->text.reveal() == connection && is_same_but(key, root, after))
      return changed;
  } catch (const Error&) {
    // It is not TOML any more.
  }
  refuse_form(name, line);
}

std::string toml_quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7F) {
      result += {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      result += c;
    }
  }
  return result + '"';
}

}  // namespace plugin::settings_file
