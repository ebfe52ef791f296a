// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "ui/prompter.hpp"

namespace ui {

// The controlling terminal of the process (tty(4)), independent of its streams. These functions always
// restore its settings, even while the process is stopped with Ctrl-Z. Call `base::handle_interruptions`
// first.

/// Whether the process has a controlling terminal.
bool has_tty();

/// Prompts for a line of any length with hidden input. Throws `login_required` with `hint` when
/// there is no terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
base::Secret read_hidden_line(const std::string& question, const std::string& hint);

/// A hidden line that the user may type while the program does something else; null when there is no
/// terminal.
std::unique_ptr<TypedLine> hidden_line();

/// The answer to a yes/no question when the user just presses Enter.
enum class OnEnter { no, yes };

/// Asks a yes/no question. True for y and yes. Throws `usage` with `hint` when there is no
/// terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D.
[[nodiscard]] bool confirm(const std::string& question, const std::string& hint,
                           OnEnter on_enter = OnEnter::no);

/// Asks for a line, which is shown as it is typed. Removes white space around it, and what arrow keys send;
/// cuts it after 2000 bytes. Throws like `confirm`.
[[nodiscard]] std::string ask_line(const std::string& question, const std::string& hint);

}  // namespace ui
