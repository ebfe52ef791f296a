// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// How wide text is on a terminal, in cells: two for most of East Asia and for emoji, none for what joins
/// with the character before it. Invalid UTF-8 counts as one cell for each bad byte.
namespace output {

std::size_t width_of(std::string_view text);

/// The text in pieces, each as long as fits into `width` cells, but at least one character.
std::vector<std::string_view> pieces_of_width(std::string_view text, std::size_t width);

/// How many characters text has; a bad byte is one.
std::size_t count_characters(std::string_view text);

}  // namespace output
