// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

/// The subcommands, one file each in commands/. Each function adds its own to `app`, with what it does when
/// it is chosen.
namespace plugin {

void add_login(CLI::App& app, Context&);
void add_logout(CLI::App& app, Context&);
void add_status(CLI::App& app, Context&);
void add_token(CLI::App& app, Context&);
void add_url(CLI::App& app, Context&);

}  // namespace plugin
