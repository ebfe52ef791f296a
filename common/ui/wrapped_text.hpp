// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ui {

/// The columns of the terminal that a descriptor is open on; 0 when it is none, or does not know its size.
std::size_t width_of_terminal(int descriptor);

/// Sentences for a terminal of that width: longer lines are broken at spaces. A word that is longer than a
/// line is left to the terminal. A command in a sentence, such as a next step, stays on one line if it fits
/// there, and else is broken as by `wrapped_command`. Lines that are laid out already (indented, or with
/// several spaces in a row) stay as they are, and so does everything where the width is 0.
std::string wrapped(std::string_view text, std::size_t width);

/// A command in lines of at most that width, as far as its words allow, which a shell reads as one: all but
/// the last end with a backslash. What is in quotes stays on one line.
std::string wrapped_command(std::string_view command, std::size_t width);

}  // namespace ui
