// SPDX-License-Identifier: Apache-2.0
#include "output/terminal_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace plugin::output {
namespace {

struct Character {
  utf8proc_int32_t code;
  std::size_t bytes;
};

Character first_of(std::string_view text) {
  utf8proc_int32_t code = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {0xFFFD, 1};
  return {code, static_cast<std::size_t>(bytes)};
}

std::size_t cells(utf8proc_int32_t code) {
  if (code >= 0x20 && code < 0x7f) return 1;
  const auto within = [code](int first, int last) { return code >= first && code <= last; };
  // What terminals draw over the character before it, though it has a shape of its own: vowels and final
  // consonants of Hangul, skin tones, Hangul tone marks, and the soft hyphen.
  if (within(0x1160, 0x11ff) || within(0xd7b0, 0xd7ff) || within(0x1f3fb, 0x1f3ff) ||
      within(0x302e, 0x302f) || code == 0xad) {
    return 0;
  }
  return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code)));
}

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

bool is_space(char c) { return c == ' '; }

/// A word and the spaces around it: in front only for the first one.
std::string_view next_word(std::string_view text) {
  auto end = std::ranges::find_if_not(text, is_space);
  end = std::find_if(end, text.end(), is_space);
  end = std::find_if_not(end, text.end(), is_space);
  return {text.begin(), end};
}

std::string_view without_end_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_of(text).bytes);
  return count;
}

void fold_line(std::string_view line, std::size_t width, std::vector<std::string>& lines) {
  if (std::ranges::all_of(line, is_space)) {
    lines.emplace_back(line.substr(0, width));
    return;
  }
  std::string current;
  const auto end_line = [&] {
    // Spaces may stick out of a line, and are cut off there.
    while (width_of(current) > width && is_space(current.back())) current.pop_back();
    lines.push_back(std::exchange(current, {}));
  };
  while (!line.empty()) {
    const auto word = next_word(line);
    line.remove_prefix(word.size());
    const auto size = width_of(without_end_spaces(word));
    if (size > width) {
      for (const auto piece : pieces_of_width(word, width)) {
        if (!current.empty()) end_line();
        current = piece;
      }
      continue;
    }
    if (size + width_of(current) > width) end_line();
    current += word;
  }
  end_line();
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto character = first_of(text);
    width += cells(character.code);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::vector<std::string_view> pieces_of_width(std::string_view text, std::size_t width) {
  std::vector<std::string_view> pieces;
  std::size_t used = 0;
  std::size_t length = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = first_of(rest);
    const auto wide = cells(character.code);
    if (length > 0 && used + wide > width) {
      pieces.push_back(text.substr(0, length));
      text.remove_prefix(length);
      used = length = 0;
    }
    used += wide;
    length += character.bytes;
    rest.remove_prefix(character.bytes);
  }
  if (length > 0) pieces.push_back(text);
  return pieces;
}

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

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& line : base::split(text, '\n')) fold_line(line, std::max<std::size_t>(width, 1), lines);
  return lines;
}

}  // namespace plugin::output
