// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "base/masking.hpp"

namespace base {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

/// Whether a terminal would act on a character instead of showing it.
bool is_control_character(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
  // C1, and U+061C, which changes the writing direction.
  if (character.size() == 2) return (byte(0) == 0xc2 && byte(1) < 0xa0) || character == "\u061C";
  // U+E0000 to U+E007F: tags, which are not shown.
  if (character.size() == 4) return byte(0) == 0xf3 && byte(1) == 0xa0 && byte(2) >= 0x80 && byte(2) <= 0x81;
  if (character.size() != 3 || byte(0) != 0xe2) return false;
  // U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069: line ends and marks of the writing direction.
  return (byte(1) == 0x80 && (byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae))) ||
         (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
}

/// The edit distance: letters that must be replaced, added, removed, or swapped with their neighbor (optimal
/// string alignment).
std::size_t distance(std::string_view left, std::string_view right) {
  const std::size_t width = right.size() + 1;
  std::vector<std::size_t> table((left.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return table[i * width + j]; };
  for (std::size_t i = 0; i <= left.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= right.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = at(i - 1, j - 1) + (left[i - 1] == right[j - 1] ? 0 : 1);
      at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(left.size(), right.size());
}

constexpr std::uint64_t prime = 1099511628211U;

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string to_upper(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (true) {
    const auto end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first <= 0xdf   ? 2
                           : (first & 0xf0U) == 0xe0        ? 3
                           : first >= 0xf0 && first <= 0xf4 ? 4
                                                            : 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_out_of_range = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return is_overlong || is_out_of_range ? 0 : size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      result += text[at];
      continue;
    }
    const auto digits = text.substr(at + 1, 2);
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
    result += static_cast<char>(byte);
    at += 2;
  }
  return result;
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string result;
  for (const auto& piece : pieces) {
    if (&piece != &pieces.front()) result += separator;
    result += piece;
  }
  return result;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  const std::string shown = masked(text);
  std::string_view rest = shown;
  std::string result;
  bool is_replaced = false;
  while (!rest.empty()) {
    const std::size_t size = character_size(rest);
    const auto character = rest.substr(0, std::max<std::size_t>(size, 1));
    if (size == 0) {
      result += "\uFFFD";
    } else if (is_control_character(character)) {
      result += ' ';
      is_replaced = true;
    } else {
      result += character;
    }
    rest.remove_prefix(character.size());
  }
  // A secret may have been written with control characters in it.
  result = is_replaced ? masked(trim(result)) : std::string{trim(result)};
  if (result.size() <= max_bytes) return result;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0) == 0x80) --end;
  return result.substr(0, end) + "…";
}

std::string shown_path(std::string_view value) {
  const auto dot = value.rfind('.');
  const bool has_extension =
      dot != std::string_view::npos && value.size() - dot <= 6 && value.find('.') == dot;
  const bool is_path = value.find('/') != std::string_view::npos || value.starts_with('~') || has_extension;
  return is_path && !looks_like_secret(value) ? printable(value, 1000) : "(not shown)";
}

std::string count_in_words(std::int64_t number, const std::string& unit) {
  return std::to_string(number) + " " + unit + (number == 1 ? "" : "s");
}

std::string duration_in_words(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds < 120) return count_in_words(seconds, "second");
  if (seconds < 7200) return count_in_words(seconds / 60, "minute");
  const auto hours = seconds / 3600;
  if (hours < 48) {
    const auto minutes = seconds % 3600 / 60;
    return count_in_words(hours, "hour") + (minutes == 0 ? "" : " " + count_in_words(minutes, "minute"));
  }
  return count_in_words(hours / 24, "day") +
         (hours % 24 == 0 ? "" : " " + count_in_words(hours % 24, "hour"));
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  // A guess that has little in common with the word does not help.
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  constexpr std::size_t max_word = 100;
  if (word.size() > max_word) return best;
  for (const auto& candidate : candidates) {
    const auto difference = distance(word, candidate);
    if (difference < least) {
      least = difference;
      best = candidate;
    }
  }
  return best;
}

Fingerprint& Fingerprint::add(std::uint64_t number) {
  for (int i = 0; i < 8; ++i, number >>= 8U) state_ = (state_ ^ (number & 0xffU)) * prime;
  return *this;
}

Fingerprint& Fingerprint::add(std::string_view text) {
  add(std::uint64_t{text.size()});
  for (const char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * prime;
  return *this;
}

std::string Fingerprint::hex() const {
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8)
    bytes += static_cast<char>((state_ >> (shift - 8)) & 0xffU);
  return to_hex(bytes);
}

}  // namespace base
