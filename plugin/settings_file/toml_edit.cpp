// SPDX-License-Identifier: Apache-2.0
#include "settings_file/toml_edit.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"

namespace plugin::settings_file {
namespace {

/// With their ends.
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
bool is_blank(const std::string& line) { return kind_of(line) == '\0'; }
bool is_table(const std::string& line) { return kind_of(line) == '['; }
bool is_comment(const std::string& line) { return kind_of(line) == '#'; }

/// `line` is without its end.
void insert(Lines& lines, std::size_t index, const std::string& line) {
  const std::string end = !lines.empty() && lines.front().ends_with("\r\n") ? "\r\n" : "\n";
  if (index > 0 && !lines[index - 1].ends_with('\n')) lines[index - 1] += end;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), line + end);
}

void remove(Lines& lines, std::size_t index) {
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
}

/// The index after the last entry of the table whose header is the line before `begin`; `begin` when it has
/// none.
std::size_t end_of_entries(const Lines& lines, std::size_t begin) {
  auto end = begin;
  for (auto index = begin; index < lines.size() && !is_table(lines[index]); ++index) {
    if (!is_blank(lines[index]) && !is_comment(lines[index])) end = index + 1;
  }
  return end;
}

[[noreturn]] void refuse_form(const std::string& file_name, unsigned line) {
  throw base::Error(
      base::Kind::config,
      file_name + ":" + std::to_string(line) + ": this is written in a form that is not changed here",
      "change that line in an editor, or write it as <key> = \"<value>\" below its [table]");
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

/// Where the value of an entry begins, after its =; npos when there is none.
std::size_t begin_of_value(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '=') return line.find_first_not_of(" \t", at + 1);
    const bool is_quote = line[at] == '"' || line[at] == '\'';
    at = is_quote ? end_of_quotes(line, at) : at + 1;
  }
  return std::string_view::npos;
}

/// A line `key = "text" # comment` with another value. Throws when it is not of that form.
std::string with_value_in_line(const std::string& line, const std::string& value,
                               const std::string& file_name, unsigned number) {
  const auto begin = begin_of_value(line);
  const auto has = [&](const char* text) {
    return line.compare(begin, std::string_view{text}.size(), text) == 0;
  };
  if (begin == std::string::npos || (!has("\"") && !has("'")) || has("\"\"\"") || has("'''"))
    refuse_form(file_name, number);
  const auto end = end_of_quotes(line, begin);
  if (end == std::string::npos) refuse_form(file_name, number);
  const auto rest = line.substr(end);
  if (!is_blank(rest) && !is_comment(rest)) refuse_form(file_name, number);
  return line.substr(0, begin) + value + rest;
}

/// Adds an entry that is in no table: after the others, else before the first table and the comments that
/// belong to it.
void add_to_root(Lines& lines, const std::string& entry) {
  const auto end = end_of_entries(lines, 0);
  auto table = static_cast<std::size_t>(std::ranges::find_if(lines, is_table) - lines.begin());
  if (end > 0 || table == lines.size()) return insert(lines, end > 0 ? end : table, entry);
  while (table > 0 && is_comment(lines[table - 1])) --table;
  insert(lines, table, "");
  insert(lines, table, entry);
}

void add_table(Lines& lines, std::span<const std::string> path, const std::string& entry) {
  if (!lines.empty() && !is_blank(lines.back())) insert(lines, lines.size(), "");
  std::string header = path.front();
  for (const auto& key : path.subspan(1)) header += "." + toml_quoted(key);
  insert(lines, lines.size(), "[" + header + "]");
  insert(lines, lines.size(), entry);
}

const config::TomlValue* find(const config::TomlValue& root, std::span<const std::string> path) {
  const auto* value = &root;
  for (const auto& key : path) {
    if (value != nullptr) value = value->find(key);
  }
  return value;
}

std::string pointer_to(const TomlPath& path) {
  base::Json::json_pointer pointer;
  for (const auto& key : path) pointer /= key;
  return pointer.to_string();
}

/// All values by their JSON pointers.
std::map<std::string, base::Json> values_in(const config::TomlValue& root) {
  std::map<std::string, base::Json> values;
  const auto json = base::parse_json(root.text.reveal()).value_or(base::Json{}).flatten();
  for (const auto& [pointer, value] : json.items()) {
    if (!value.is_null()) values.emplace(pointer, value);  // null is an empty table
  }
  return values;
}

/// The text of the lines. Throws unless it has exactly the values that are expected.
std::string checked(const Lines& lines, const std::string& file_name, unsigned line,
                    const std::map<std::string, base::Json>& expected) {
  auto text = base::join(lines, "");
  try {
    if (values_in(config::parse_toml(text, file_name)) == expected) return text;
  } catch (const base::Error&) {
    // It is not TOML any more.
  }
  refuse_form(file_name, line);
}

}  // namespace

std::string with_value(const std::string& text, const std::string& file_name, const TomlPath& path,
                       const std::string& value) {
  const auto root = config::parse_toml(text, file_name);
  const auto parent = std::span{path}.first(path.size() - 1);
  const auto quoted = toml_quoted(value);
  const auto entry = path.back() + " = " + quoted;
  auto lines = lines_of(text);
  unsigned line = 1;
  if (const auto* old = find(root, path)) {
    line = old->line;
    lines[line - 1] = with_value_in_line(lines[line - 1], quoted, file_name, line);
  } else if (parent.empty()) {
    add_to_root(lines, entry);
  } else if (const auto* table = find(root, parent)) {
    line = table->line;
    if (!is_table(lines[line - 1])) refuse_form(file_name, line);
    insert(lines, end_of_entries(lines, line), entry);
  } else {
    add_table(lines, parent, entry);
  }
  auto expected = values_in(root);
  expected[pointer_to(path)] = value;
  return checked(lines, file_name, line, expected);
}

std::string without_value(const std::string& text, const std::string& file_name, const TomlPath& path) {
  const auto root = config::parse_toml(text, file_name);
  const auto* old = find(root, path);
  if (old == nullptr) return text;
  auto lines = lines_of(text);
  static_cast<void>(with_value_in_line(lines[old->line - 1], "", file_name, old->line));
  remove(lines, old->line - 1);
  if (path.size() > 1) {
    const auto header = find(root, std::span{path}.first(path.size() - 1))->line - 1;
    if (is_table(lines[header]) && end_of_entries(lines, header + 1) == header + 1) {
      remove(lines, header);
      if (header > 0 && is_blank(lines[header - 1])) remove(lines, header - 1);
    }
  }
  auto expected = values_in(root);
  expected.erase(pointer_to(path));
  return checked(lines, file_name, old->line, expected);
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
