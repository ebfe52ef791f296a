// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Without leading and trailing white space (space, tab, CR, LF, VT, FF).
std::string_view trim(std::string_view text);
/// These know ASCII only, whatever the locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right);
/// The parts between separators; an empty text has one empty part.
std::vector<std::string> split(std::string_view text, char separator);
/// A whole number in decimal digits, with an optional minus sign. Absent for any other text.
std::optional<std::int64_t> whole_number(std::string_view text);
/// Whether a text has an ASCII control character.
bool has_control_characters(std::string_view text);
/// The size in bytes of the first character of a text in UTF-8 (RFC 3629); 0 when it is not valid.
std::size_t character_size(std::string_view text);
/// Whether a text is valid UTF-8.
bool is_utf8(std::string_view text);
/// Two lower-case hexadecimal digits for each byte.
std::string to_hex(std::string_view bytes);
/// Text with its percent-encoded bytes decoded (RFC 3986, 2.1). Absent when one is malformed.
std::optional<std::string> percent_decoded(std::string_view text);
/// The pieces in their order, with the separator between them.
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
/// Foreign text made safe to print: control characters (C0, C1 and those that change the writing direction)
/// become spaces, bytes that are not UTF-8 become U+FFFD, secrets are `masked`, and text longer than
/// `max_bytes` is cut at a character and ends in "…".
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 500);
/// A value that should be a path, made safe to print: "(not shown)" when it does not look like a path.
std::string shown_path(std::string_view value);

/// "1 minute", "2 minutes".
std::string count_in_words(std::int64_t number, const std::string& unit);
/// "40 seconds", "59 minutes", "3 hours 5 minutes", "400 days": in the unit that a user would choose.
std::string duration_in_words(std::chrono::seconds);

/// The candidate that the user most likely meant by `word`; empty when none is similar.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

/// A non-cryptographic hash (64-bit FNV-1a) for detecting changes and for file names.
class Fingerprint {
public:
  /// Adds one text and its length, so that ("ab", "c") differs from ("a", "bc").
  Fingerprint& add(std::string_view text);
  Fingerprint& add(std::uint64_t number);
  /// Sixteen hexadecimal digits.
  std::string hex() const;

private:
  std::uint64_t state_ = 14695981039346656037U;
};

}  // namespace base
