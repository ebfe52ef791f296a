// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Foreign text on a terminal: made harmless, and measured in cells. Most East Asian characters and emoji are
/// two cells wide; what combines with the character before it has no width. A byte that is not UTF-8 is one
/// cell.
namespace plugin::output {

/// Without escape sequences (ECMA-48: CSI and the two-character ones), as the Snowflake CLI prints CSV.
std::string without_escapes(std::string_view text);

/// Without anything that controls a terminal: escape sequences and control characters are removed, C1 and DEL
/// included; a tab becomes spaces up to the next eighth character. Line ends stay.
std::string clean(std::string_view text);

std::size_t width_of(std::string_view text);

/// The text in pieces, each as long as fits into `width` cells, but at least one character.
std::vector<std::string_view> pieces_of_width(std::string_view text, std::size_t width);

/// The lines of a text, at most `width` cells wide: broken at spaces, and inside words that are longer
/// than that. Line ends in the text remain.
std::vector<std::string> fold(std::string_view text, std::size_t width);

}  // namespace plugin::output
