// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ui {

/// Asks on the terminal of the process, wherever the streams lead. True for y and yes; Enter alone is no.
/// Throws `usage` with the hint `instead` where there is no terminal, and `base::Interrupted` for Ctrl-C and
/// Ctrl-D.
bool confirm(const std::string& question, const std::string& instead);

}  // namespace ui
