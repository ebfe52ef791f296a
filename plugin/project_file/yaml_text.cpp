// SPDX-License-Identifier: Apache-2.0
#include "project_file/yaml_text.hpp"

#include <cstdint>

namespace project_file {
namespace {

bool is_allowed(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7E) || c == 0x85 ||
         (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// The bytes of the character that `text` begins with; 0 when it is none that YAML allows.
std::size_t first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || text.size() < length) return 0;
  constexpr std::uint32_t bits_of_first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t c = first & bits_of_first[length];
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return 0;
    c = (c << 6) | (byte(index) & 0x3Fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  return c >= smallest[length] && is_allowed(c) ? length : 0;
}

}  // namespace

std::size_t length_of_yaml_text(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const auto length = first_character(text.substr(position));
    if (length == 0) break;
    position += length;
  }
  return position;
}

std::string_view null_at(std::string_view text, bool at_key) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.starts_with(word)) continue;
    const auto after = text.substr(word.size());
    const bool ends = after.empty() || std::string_view{" \t\r\n,]}:"}.find(after[0]) != std::string::npos;
    const auto next = after.find_first_not_of(" \t");
    const bool is_key = next != std::string_view::npos && after[next] == ':';
    if (ends && (at_key || !is_key)) return word;
  }
  return {};
}

}  // namespace project_file
