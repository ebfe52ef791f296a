// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Without white space at both ends (space, tab, CR, LF, VT, FF).
std::string_view trim(std::string_view text);
/// ASCII only: names of hosts, options and authenticators have no other letters, and locales must not matter.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right);
/// The pieces between separators; an empty text has one empty piece.
std::vector<std::string> split(std::string_view text, char separator);
/// Two hexadecimal digits for each byte, in lower case.
std::string to_hex(std::string_view bytes);
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
/// Foreign text as it may be shown: control characters (C0, C1 and those that turn the direction of writing)
/// become spaces, bytes that are not UTF-8 become U+FFFD, user and password are cut out of web addresses,
/// secrets that this process has used (`mask_from_now_on`) become "***", and what is longer than `max_bytes`
/// ends in "…" (never in the middle of a character).
std::string printable(std::string_view text, std::size_t max_bytes = 500);
/// Text without the `user:password@` of the web addresses and `user:password@host` in it.
std::string without_userinfo(std::string_view text);
/// Whether this is a key or a token by its looks: PEM, a JWT, a Snowflake session token, or a long run of
/// base64. For values that stand where a path or a name belongs.
bool looks_like_secret(std::string_view text);
/// A value that should be a path, as it may be shown: "(not shown)" unless it looks like one.
std::string shown_path(std::string_view value);

/// The candidate that a user most likely meant by `word`; empty when none is like it.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace base
