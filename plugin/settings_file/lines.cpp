// SPDX-License-Identifier: Apache-2.0
#include "settings_file/lines.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace plugin::settings_file {
namespace {

char first_of(std::string_view line) {
  const auto trimmed = base::trim(line);
  return trimmed.empty() ? '\0' : trimmed.front();
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
    if (line[at] == '"' || line[at] == '\'') {
      at = end_of_quotes(line, at);
      if (at == std::string_view::npos) return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Lines::Lines(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines_.push_back(text.substr(at, end - at));
    at = end;
  }
  if (!lines_.empty() && lines_.front().ends_with("\r\n")) end_ = "\r\n";
}

bool Lines::is_entry(std::size_t index) const {
  return !is_blank(index) && !is_comment(index) && !is_table(index);
}
bool Lines::is_table(std::size_t index) const { return first_of(lines_.at(index)) == '['; }
bool Lines::is_blank(std::size_t index) const { return first_of(lines_.at(index)) == '\0'; }
bool Lines::is_comment(std::size_t index) const { return first_of(lines_.at(index)) == '#'; }

std::size_t Lines::end_of_table(std::size_t index) const {
  do ++index;
  while (index < size() && !is_table(index));
  return std::min(index, size());
}

void Lines::insert(std::size_t index, const std::string& line) {
  if (index > 0 && !lines_[index - 1].ends_with('\n')) lines_[index - 1] += end_;
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(index), line + end_);
}

std::string Lines::text() const { return base::join(lines_, ""); }

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

std::string with_value(const std::string& line, const std::string& value) {
  const auto begin = begin_of_value(line);
  if (begin == std::string::npos) return {};
  const bool is_quoted = line[begin] == '"' || line[begin] == '\'';
  if (!is_quoted || line.compare(begin, 3, "\"\"\"") == 0 || line.compare(begin, 3, "'''") == 0) return {};
  const auto end = end_of_quotes(line, begin);
  if (end == std::string::npos) return {};
  const auto rest = base::trim(std::string_view{line}.substr(end));
  if (!rest.empty() && rest.front() != '#') return {};
  return line.substr(0, begin) + value + line.substr(end);
}

}  // namespace plugin::settings_file
