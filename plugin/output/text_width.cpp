// SPDX-License-Identifier: Apache-2.0
#include "output/text_width.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace output {
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
  // consonants of Hangul, tones of skin, tone marks of Hangul, and the soft hyphen.
  if (within(0x1160, 0x11ff) || within(0xd7b0, 0xd7ff) || within(0x1f3fb, 0x1f3ff) ||
      within(0x302e, 0x302f) || code == 0xad) {
    return 0;
  }
  return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code)));
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

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_of(text).bytes);
  return count;
}

}  // namespace output
