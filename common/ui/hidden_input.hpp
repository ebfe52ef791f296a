// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "ui/prompter.hpp"

namespace ui {

/// Asks on the terminal of the process and reads a line without showing it. It may be pasted, and of any
/// length. The terminal is as before however this ends, and while Ctrl-Z holds it up. Throws `login_required`
/// with the hint `instead` where there is no terminal, and `base::Interrupted` for Ctrl-C and Ctrl-D. Whoever
/// calls has noted interruptions (`interruption.hpp`).
base::Secret read_hidden_line(const std::string& question, const std::string& instead);

/// A line on the terminal of the process, with the same promises; none where there is no terminal.
std::unique_ptr<TypedLine> hidden_line();

}  // namespace ui
