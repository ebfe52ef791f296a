// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "cli/command_options.hpp"
#include "context.hpp"
#include "names/object_name.hpp"

/// What can be done with image repositories, one file each (`snowflake/PROTOCOL.md` 10.3).
namespace plugin::commands::image_repository {

void add_create(CLI::App& group, Context&);
/// Below `object`: by attributes, over Snowflake's REST interface.
void add_create_by_attributes(CLI::App& group, Context&);
void add_deploy(CLI::App& group, Context&);
void add_url(CLI::App& group, Context&);
void add_list_images(CLI::App& group, Context&);
void add_list_tags(CLI::App& group, Context&);
/// `typed`: below `object`, where the kind of object is an argument as well.
void add_list(CLI::App& group, Context&, bool typed);
void add_drop(CLI::App& group, Context&, bool typed);

/// What is to become of a repository that is there already.
enum class CreateMode { plain, replace, if_not_exists };
void add_create_modes(CLI::App& command);
/// What was given of them, after parsing. Throws `usage` for both.
CreateMode create_mode_of(const CLI::App& command);

/// CREATE, and its result.
void create(const names::ObjectName&, CreateMode, const cli::CommandOptions&, Context&);
/// The repository's address, without a scheme. Throws `statement` when the role sees none of that name.
std::string url_of(const names::ObjectName&, snowflake::SessionCache&);
/// Prints the rows of a statement as they come.
void print_rows(const std::string& sql, const cli::CommandOptions&, Context&);
/// Refuses kinds of objects that are nothing of ours.
void require_image_repository(const std::string& type);

}  // namespace plugin::commands::image_repository
