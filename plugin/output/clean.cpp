// SPDX-License-Identifier: Apache-2.0
#include "output/clean.hpp"

#include <algorithm>

#include "output/text_width.hpp"

namespace output {
namespace {

bool within(char c, char first, char last) { return c >= first && c <= last; }

/// How long the escape sequence is that `text` begins with; 0 when it begins with none.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x1b') return 0;
  if (text[1] != '[') return within(text[1], '@', 'Z') || within(text[1], '\\', '_') ? 2 : 0;
  std::size_t position = 2;
  while (position < text.size() && within(text[position], '0', '?')) ++position;
  while (position < text.size() && within(text[position], ' ', '/')) ++position;
  return position < text.size() && within(text[position], '@', '~') ? position + 1 : 0;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return within(c, ' ', '~'); });
}

/// U+0080 to U+009F, in UTF-8.
bool begins_with_c1(std::string_view text) {
  return text.size() > 1 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
}

}  // namespace

std::string without_escapes(std::string_view text) {
  if (text.find('\x1b') == std::string_view::npos) return std::string{text};
  std::string result;
  while (!text.empty()) {
    if (const auto length = escape_length(text); length > 0) {
      text.remove_prefix(length);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

std::string clean(std::string_view text) {
  if (is_plain(text)) return std::string{text};
  const std::string visible = without_escapes(text);
  std::string result;
  std::string line;
  for (std::string_view rest = visible; !rest.empty();) {
    const char c = rest.front();
    const bool c1 = begins_with_c1(rest);
    rest.remove_prefix(c1 ? 2 : 1);
    if (c == '\t') {
      line.append(8 - count_characters(line) % 8, ' ');
    } else if (c == '\n') {
      result += line + c;
      line.clear();
    } else if (!c1 && !within(c, '\0', '\x1f') && c != '\x7f') {
      line += c;
    }
  }
  return result + line;
}

}  // namespace output
