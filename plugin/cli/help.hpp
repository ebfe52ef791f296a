// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>

#include "output/format.hpp"

namespace plugin::cli {

/// Lays out the help texts of `app` and of the commands that are added after this: a command's own options
/// and its examples, and with `--help-all` the options that most commands share as well. Lines are wrapped at
/// the width of a terminal, and nowhere else.
void set_help(CLI::App& app, const output::Terminal& terminal);

}  // namespace plugin::cli
