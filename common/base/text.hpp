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
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
/// Without anything a terminal or a log could obey: control characters become spaces, and what is longer than
/// `most` bytes ends in "…" (never in the middle of a UTF-8 character).
std::string printable(std::string_view text, std::size_t most = 500);

}  // namespace base
