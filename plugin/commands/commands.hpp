// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"

/// Each function adds a command to `app`, with a callback that runs it.
namespace plugin::commands {

/// Adds all commands, in groups with a heading.
void add_all(CLI::App& app, Context&);

void add_config(CLI::App& app, Context&);
void add_connection(CLI::App& app, Context&);
void add_copy(CLI::App& app, Context&);
void add_docker_config(CLI::App& app, Context&);
void add_doctor(CLI::App& app, Context&);
void add_du(CLI::App& app, Context&);
void add_images(CLI::App& app, Context&);
void add_kubernetes(CLI::App& app, Context&);
/// Below `kubernetes`: what holds a registry token, or renews it.
void add_kubernetes_credentials(CLI::App& group, Context&);
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
// Those of the Snowflake CLI, under its names.
void add_image_registry(CLI::App& app, Context&);
void add_image_repository(CLI::App& app, Context&);
void add_object(CLI::App& app, Context&);

/// The host of the account's registry, read from the URLs of its image repositories: first those that every
/// role can see, then those of the account (`snowflake/PROTOCOL.md` 10.2). Throws `not_found` when the role
/// sees none, or when there is no host for private connectivity.
std::string ask_registry_host(snowflake::SessionCache&, bool private_link);
/// Throws `denied` for a host that may get no token: neither a Snowflake registry nor one in the settings.
void require_registry(const std::string& host, Context&);

/// The user and role of a session, to end a sentence with: " as JANE, role DEV"; empty for a session that
/// does not say them.
std::string who(const snowflake::SessionContext&);

/// The services that run a container of an image, `database/schema/repository/image:tag`. Empty when the role
/// may not see them, when asking takes too long, or when it would need a login: it is only for a warning.
std::vector<std::string> services_that_run(const std::string& image_path, const config::Connection&,
                                           Context&);

/// What the plugin prints when no command is given: whether the next push works, and the next step. Sets the
/// exit status to 1 if the user must act.
void greet(Context&);

/// A command that only holds others: without one of them it shows its help.
CLI::App& add_group(CLI::App& app, const char* name, const char* description);

}  // namespace plugin::commands
