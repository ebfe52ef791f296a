// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

/// The subcommands, in commands/. Each function adds its own to `app`, with what it does when it is chosen.
namespace plugin::commands {

/// Adds all of them, in groups with a heading.
void add_all(CLI::App& app, Context&);

void add_config(CLI::App& app, Context&);
void add_connection(CLI::App& app, Context&);
void add_copy(CLI::App& app, Context&);
void add_docker_config(CLI::App& app, Context&);
void add_doctor(CLI::App& app, Context&);
void add_images(CLI::App& app, Context&);
void add_kubernetes(CLI::App& app, Context&);
void add_login(CLI::App& app, Context&);
void add_logout(CLI::App& app, Context&);
void add_pull(CLI::App& app, Context&);
void add_push(CLI::App& app, Context&);
void add_ref(CLI::App& app, Context&);
void add_repositories(CLI::App& app, Context&);
void add_serve(CLI::App& app, Context&);
void add_setup(CLI::App& app, Context&);
void add_status(CLI::App& app, Context&);
void add_tag(CLI::App& app, Context&);
void add_token(CLI::App& app, Context&);
void add_url(CLI::App& app, Context&);
void add_whoami(CLI::App& app, Context&);
/// Those of the Snowflake CLI, below its own words for them.
void add_image_registry(CLI::App& app, Context&);
void add_image_repository(CLI::App& app, Context&);
void add_object(CLI::App& app, Context&);

/// What the plugin prints when no command is given: whether everything is set up, and the next step.
void greet(Context&);

/// A command that only holds others: without one of them it shows its help.
CLI::App& add_group(CLI::App& app, const char* name, const char* description);

}  // namespace plugin::commands
