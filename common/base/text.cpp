// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace base {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

/// The characters that end a URL in a sentence.
constexpr std::string_view word_ends = " \t\r\n\v\f\"'<>`,;()";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// The size in bytes of the first character of a text in UTF-8 (RFC 3629); 0 when it is not valid.
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

/// Whether a terminal would act on a character instead of showing it.
bool is_control_character(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
  if (character.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;  // C1
  if (character.size() != 3 || byte(0) != 0xe2) return false;
  // U+2028 to U+202E and U+2066 to U+2069: line ends, and characters that change the writing direction.
  return (byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae) ||
         (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
}

/// The size of `user:password@`, including the @, in front of a host. Without a scheme, only a password
/// distinguishes it from other uses of @, such as the digest of an image.
std::size_t userinfo_size(std::string_view address, bool has_scheme) {
  auto authority = address.substr(0, address.find_first_of("/?#"));
  auto at = authority.rfind('@');
  if (at == std::string_view::npos && has_scheme) {
    // A password that contains a slash: what follows the colon is not a port.
    const auto colon = authority.find(':');
    const bool is_port = colon == std::string_view::npos ||
                         authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos ||
                         authority.front() == '[';
    if (!is_port) at = address.rfind('@');
  }
  if (at == std::string_view::npos) return 0;
  if (has_scheme) return at + 1;
  const bool has_password = authority.find(':') < at;
  return has_password && !authority.substr(at + 1).starts_with("sha256:") ? at + 1 : 0;
}

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

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string result;
  for (const auto& piece : pieces) {
    if (&piece != &pieces.front()) result += separator;
    result += piece;
  }
  return result;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  const std::string masked = without_userinfo(with_secrets_masked(text));
  std::string_view rest = masked;
  std::string result;
  while (!rest.empty()) {
    const std::size_t size = character_size(rest);
    const auto character = rest.substr(0, std::max<std::size_t>(size, 1));
    if (size == 0) {
      result += "\uFFFD";
    } else if (is_control_character(character)) {
      result += ' ';
    } else {
      result += character;
    }
    rest.remove_prefix(character.size());
  }
  result = trim(result);
  if (result.size() <= max_bytes) return result;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0) == 0x80) --end;
  return result.substr(0, end) + "…";
}

std::string without_userinfo(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto size = std::min(text.find_first_of(word_ends), text.size());
    const auto word = text.substr(0, size);
    const auto scheme = word.find("://");
    const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto userinfo = userinfo_size(word.substr(start), start > 0);
    result += word.substr(0, start);
    result += word.substr(start + userinfo);
    text.remove_prefix(size);
    if (text.empty()) break;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

bool looks_like_secret(std::string_view text) {
  text = trim(text);
  if (text.find("-----BEGIN ") != std::string_view::npos) return true;
  if (text.starts_with("eyJ") && std::ranges::count(text, '.') >= 2) return true;
  if (text.starts_with("ver:") && text.find("hint:") != std::string_view::npos) return true;
  if (text.starts_with('/') || text.starts_with('~') || text.starts_with('.')) return false;
  // A long run of base64: paths do not have so many upper-case and lower-case letters and digits in a row.
  std::size_t run = 0;
  bool has_upper = false;
  bool has_lower = false;
  bool has_digit = false;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_upper && !is_lower && !is_digit && c != '+' && c != '/' && c != '=' && c != '\n' && c != '\r') {
      run = 0;
      has_upper = has_lower = has_digit = false;
      continue;
    }
    ++run;
    has_upper = has_upper || is_upper;
    has_lower = has_lower || is_lower;
    has_digit = has_digit || is_digit;
    if (run >= 40 && has_upper && has_lower && has_digit) return true;
  }
  return false;
}

std::string shown_path(std::string_view value) {
  const auto dot = value.rfind('.');
  const bool has_extension = dot != std::string_view::npos && value.size() - dot <= 6;
  const bool is_path = value.find('/') != std::string_view::npos || value.starts_with('~') || has_extension;
  return is_path && !looks_like_secret(value) ? printable(value, 1000) : "(not shown)";
}

namespace {

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

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  // A guess that has too little in common with the word confuses more than it helps.
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

}  // namespace base
