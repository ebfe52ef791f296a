// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "cli/command_options.hpp"
#include "context.hpp"
#include "names/object_name.hpp"

/// The commands for image repositories (`snowflake/PROTOCOL.md` 10.3).
namespace plugin::commands::image_repository {

void add_create(CLI::App& group, Context&);
/// Below `object`: by attributes, over Snowflake's REST interface.
void add_create_by_attributes(CLI::App& group, Context&);
void add_deploy(CLI::App& group, Context&);
void add_url(CLI::App& group, Context&);
void add_list_images(CLI::App& group, Context&);
void add_list_tags(CLI::App& group, Context&);
/// `typed`: below `object`, where the type of object is an argument as well.
void add_list(CLI::App& group, Context&, bool typed);
void add_drop(CLI::App& group, Context&, bool typed);

/// The argument NAME, a repository.
std::shared_ptr<std::string> add_name(CLI::App& command);
/// The argument OBJECT_TYPE of commands below `object`. Only `image-repository` is supported.
std::shared_ptr<std::string> add_type(CLI::App& command);
/// Throws `config`, like the Snowflake CLI, for any other type.
void require_image_repository(const std::string& type);

/// What happens to a repository that already exists.
enum class CreateMode { plain, replace, if_not_exists };
void add_create_modes(CLI::App& command);
/// The mode that was chosen, after parsing. Throws `usage` when both were given.
CreateMode create_mode_of(const CLI::App& command);

/// The error for a repository that the role does not see, in this program's own words.
base::Error no_such_repository(base::Kind kind, const std::string& name, const std::string& role);

/// CREATE, and its result.
void create(const names::ObjectName&, CreateMode, const cli::CommandOptions&, Context&);
/// The URL of the repository, without a scheme. Throws `statement` when the role cannot see it.
std::string url_of(const names::ObjectName&, snowflake::SessionCache&);
/// Runs a statement and prints its rows as they arrive.
void print_rows(const std::string& sql, const cli::CommandOptions&, Context&);

}  // namespace plugin::commands::image_repository
