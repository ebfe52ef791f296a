// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Fitting a table into a width, as the Snowflake CLI's tables do it (`snowflake/PROTOCOL.md` 10.4).
namespace output {

/// The lines of a cell that is `width` cells wide: broken at spaces, and inside of words that are longer than
/// that. Line ends in the text are kept.
std::vector<std::string> fold(std::string_view text, std::size_t width);

/// Narrows the widest columns, and those as wide as them, until all together are `available` wide; further
/// down all columns alike.
std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t available);

}  // namespace output
