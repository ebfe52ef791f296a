// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "ui/prompter.hpp"

namespace ui {

// The terminal of the process, wherever its streams lead (tty(4)). However these end, it is as before, also
// while Ctrl-Z holds the program up. Callers have noted interruptions (`interruption.hpp`).

/// Whether there is one. It is not left open.
bool has_tty();

/// Asks and reads a line without showing it. It may be pasted, and of any length. Throws `login_required`
/// with the hint `instead` where there is no terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
base::Secret read_hidden_line(const std::string& question, const std::string& instead);

/// A line that may be typed while something else goes on, with the same promises; null where there is no
/// terminal.
std::unique_ptr<TypedLine> hidden_line();

/// Asks a question. True for y and yes; Enter alone is no. Throws `usage` with the hint `instead` where there
/// is no terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
[[nodiscard]] bool confirm(const std::string& question, const std::string& instead);

}  // namespace ui
