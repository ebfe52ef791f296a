// SPDX-License-Identifier: Apache-2.0
#include "settings_file/toml_lines.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::settings_file {
namespace {

bool is_entry(const std::string& line) {
  return kind_of(line) != '\0' && kind_of(line) != '#' && !is_table(line);
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

}  // namespace

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

char kind_of(const std::string& line) {
  const auto trimmed = base::trim(line);
  return trimmed.empty() ? '\0' : trimmed.front();
}
bool is_table(const std::string& line) { return kind_of(line) == '['; }

void insert(Lines& lines, std::size_t index, const std::string& line) {
  const std::string end = !lines.empty() && lines.front().ends_with("\r\n") ? "\r\n" : "\n";
  if (index > 0 && !lines[index - 1].ends_with('\n')) lines[index - 1] += end;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), line + end);
}

void remove(Lines& lines, std::size_t index) {
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
}

std::size_t end_of_entries(const Lines& lines, std::size_t begin) {
  auto end = begin;
  for (auto index = begin; index < lines.size() && !is_table(lines[index]); ++index) {
    if (is_entry(lines[index])) end = index + 1;
  }
  return end;
}

void refuse_form(const std::string& name, unsigned line) {
  throw base::Error(
      base::Kind::config,
      name + ":" + std::to_string(line) + ": this is written in a form that is not changed here",
      "change that line in an editor, or write it as <key> = \"<value>\" below its [table]");
}

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

void add_to_root(Lines& lines, const std::string& entry) {
  const auto behind = end_of_entries(lines, 0);
  auto table = static_cast<std::size_t>(std::ranges::find_if(lines, is_table) - lines.begin());
  if (behind > 0 || table == lines.size()) return insert(lines, behind > 0 ? behind : table, entry);
  while (table > 0 && kind_of(lines[table - 1]) == '#') --table;
  insert(lines, table, "");
  insert(lines, table, entry);
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
