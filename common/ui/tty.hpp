// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "ui/prompter.hpp"

namespace ui {

// The controlling terminal of the process (tty(4)), independent of its streams. These functions always
// restore its settings, also while the process is stopped with Ctrl-Z. Callers must have called
// `base::note_interruptions`.

/// Whether there is one.
bool has_tty();

/// Prompts for a line of any length with hidden input. Throws `login_required` with the hint `instead` when
/// there is no terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
base::Secret read_hidden_line(const std::string& question, const std::string& instead);

/// A hidden line that the user may type while the program does something else; null when there is no
/// terminal.
std::unique_ptr<TypedLine> hidden_line();

/// What Enter alone means at a yes/no question.
enum class OnEnter { no, yes };

/// Asks a yes/no question. True for y and yes. Throws `usage` with the hint `instead` when there is no
/// terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
[[nodiscard]] bool confirm(const std::string& question, const std::string& instead,
                           OnEnter on_enter = OnEnter::no);

/// Asks for a line, which is shown as it is typed, without blanks at its ends and without what arrow keys
/// send; what exceeds 2000 bytes is dropped. Throws as `confirm`.
[[nodiscard]] std::string ask_line(const std::string& question, const std::string& instead);

}  // namespace ui
