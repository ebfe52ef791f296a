// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/image_list.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "commands/result_rows.hpp"
#include "names/repository_names.hpp"
#include "output/list.hpp"
#include "output/units.hpp"
#include "snowflake/codes.hpp"
#include "ui/progress_line.hpp"

namespace plugin::commands::image_repository {
namespace {

using base::Error;
using base::Kind;

/// The Snowflake CLI sends it for "no pattern".
constexpr const char* all_names = "%%";

struct ListOptions {
  std::string like = all_names;
  std::vector<std::string> scope;
  bool in_account = false;
  bool terse = false;
  bool size = false;
  std::optional<int> limit;
};

/// `kind_of_error`: of the error for an invalid scope, which is not wrong usage for the Snowflake CLI.
void check_scope(const ListOptions& given, Kind kind_of_error) {
  if (given.in_account && !given.scope.empty()) {
    throw Error(Kind::usage,
                "Parameters '--in-account' and '--in' are incompatible and cannot be used simultaneously.",
                "leave one of them out");
  }
  if (given.scope.empty()) return;
  if (given.scope.size() != 2) {
    throw Error(Kind::usage, "Option '--in' requires 2 arguments.",
                "write --in database <name>, or --in schema <name>");
  }
  const std::string kind = base::to_lower(given.scope[0]);
  constexpr std::array<std::string_view, 3> kinds = {"database", "schema", "compute-pool"};
  if (kind != "account" && std::ranges::find(kinds, kind) == kinds.end()) {
    throw Error(kind_of_error, "Scope type must be one of the following: database, schema, compute-pool.",
                "write --in database <name>, or --in schema <name>");
  }
  const auto& name = given.scope[1];
  const auto dot = name.find('.');
  const bool has_database = kind == "schema" && dot != std::string::npos &&
                            snowflake::is_identifier(name.substr(0, dot)) &&
                            snowflake::is_identifier(name.substr(dot + 1));
  const bool is_of_snow = kind_of_error == Kind::config;
  if (!snowflake::is_identifier(name) && (is_of_snow || !has_database)) {
    std::string next = "for a schema of another database, add --database <name>";
    if (has_database)
      next = "write --in schema " + name.substr(dot + 1) + " --database " + name.substr(0, dot);
    if (kind == "account") next = "write --in-account to list the whole account";
    throw Error(kind_of_error, "Scope name must be a valid identifier.", next);
  }
  if (kind == "compute-pool") {
    throw Error(kind_of_error, "compute-pool scope is only supported for listing service.",
                "write --in database <name>, or --in schema <name>");
  }
}

std::string list_statement(const ListOptions& given) {
  std::string sql = given.terse ? "show terse image repositories" : "show image repositories";
  if (!given.like.empty()) sql += " like " + snowflake::sql_user_pattern(given.like);
  if (given.in_account) sql += " in account";
  if (!given.scope.empty()) sql += " in " + given.scope[0] + " " + given.scope[1];
  if (given.limit) sql += " limit " + std::to_string(*given.limit);
  return sql;
}

using Sizes = std::vector<registry::BlobSizes>;

/// The size of each repository of a result, in the same order.
Sizes sizes_of_repositories(const snowflake::Result& result, const config::Connection& connection,
                            snowflake::SessionCache& session, Context& context) {
  if (result.rows.empty()) return {};
  const auto repositories = names::qualified_names(result);
  const auto listing = list_images_of(repositories, connection, session, context);
  const auto image_sizes = sizes_of(listing.images, connection, context);
  std::map<std::string, registry::BlobSizes> by_name;
  for (std::size_t i = 0; i < image_sizes.size(); ++i) {
    if (image_sizes[i])
      by_name[listing.images[i].repository].insert(image_sizes[i]->begin(), image_sizes[i]->end());
  }
  Sizes sizes;
  for (const auto& name : repositories) sizes.push_back(by_name[name]);
  return sizes;
}

/// For users: what they push to, and whose it is.
void print_list(const snowflake::Result& result, const std::optional<Sizes>& sizes,
                const cli::CommandOptions& options, Context& context) {
  std::vector<output::List::Column> columns{
      {"REPOSITORY"},
      {"URL"},
      {.header = "OWNER", .may_be_left_out = true},
      {.header = "CREATED", .may_be_narrowed = false, .may_be_left_out = true},
      {.header = "ENCRYPTION", .wide_only = true},
      {.header = "COMMENT", .wide_only = true}};
  if (sizes) columns.push_back({.header = "SIZE", .may_be_narrowed = false});
  output::List list{std::move(columns)};
  const auto names = names::qualified_names(result);
  for (std::size_t row = 0; row < names.size(); ++row) {
    const auto text = [&](const char* column) { return result.at(row, column).value_or(""); };
    std::vector<std::string> cells{
        names[row],         text("repository_url"),
        text("owner"),      age_of(result.at(row, "created_on"), context.clock.now()),
        text("encryption"), text("comment")};
    if (sizes) cells.push_back(output::human_size(registry::bytes_of((*sizes)[row])));
    list.add(cells);
  }
  cli::print_list(list, options, context);
}

/// For programs: the columns of the Snowflake CLI, and one more that it does not have, the bytes of each
/// repository.
void print_rows(snowflake::Result result, const Sizes& sizes, const cli::CommandOptions& options,
                Context& context) {
  const auto rows = cli::printer_of(options, context).rows();
  ResultRows sink{*rows, options.format};
  result.columns.push_back({"size", "fixed", 0});
  sink.begin(result.columns, result.time_zone);
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    result.rows[row].emplace_back(std::to_string(registry::bytes_of(sizes[row])));
    sink.row(std::move(result.rows[row]));
  }
  rows->end();
}

/// The part of the account that a list is about; empty for all of it.
std::string where_looked(const ListOptions& given, const snowflake::SessionContext& session) {
  if (given.in_account) return {};
  if (!given.scope.empty()) return " in " + given.scope[0] + " " + given.scope[1];
  if (session.database.empty()) return {};
  return " in " + session.database + (session.schema.empty() ? "" : "." + session.schema);
}

void say_nothing_found(const ListOptions& given, const snowflake::SessionContext& session,
                       std::ostream& err) {
  const bool is_filtered = !given.like.empty() && given.like != all_names;
  err << "No repositories" << (is_filtered ? " whose names match" : "") << " that role " << session.role
      << " can see" << where_looked(given, session) << ".\nNext: ";
  if (!given.in_account) err << "--in-account looks through the whole account; ";
  err << "--role chooses another role; docker snowflake image-repository create <name>\n";
}

/// Prints the repositories as the Snowflake CLI does, and caches their names for completion.
void list_as_snow(const ListOptions& given, const cli::CommandOptions& options, Context& context) {
  auto session = cli::session_of(options, context);
  const auto rows = cli::printer_of(options, context).rows();
  ResultRows result{*rows, options.format};
  names::NameCollector collector{result};
  session.run(list_statement(given), collector);
  rows->end();
  names::RepositoryNames{context.environment, session.account()}.add(collector.names());
}

void list_repositories(const ListOptions& given, const cli::CommandOptions& options, Context& context) {
  const bool names_only = options.format == output::Format::name;
  const bool for_users = output::is_for_users(options.format) || names_only;
  if (!for_users && !given.size) return list_as_snow(given, options, context);
  const auto connection = cli::connection_of(options, context);
  auto session = context.wiring.session(connection);
  auto result = [&] {
    const ui::ProgressLine progress{"Listing image repositories", context.environment};
    return session.run(list_statement(given));
  }();
  names::RepositoryNames{context.environment, session.account()}.add(names::qualified_names(result));
  std::optional<Sizes> sizes;
  if (given.size && !names_only) sizes = sizes_of_repositories(result, connection, session, context);
  if (!for_users) return print_rows(std::move(result), *sizes, options, context);
  const bool is_empty = result.rows.empty();
  // A wrong template is an error even when there is nothing to print with it.
  if (!is_empty || !options.row_template.empty()) print_list(result, sizes, options, context);
  if (is_empty && !names_only) say_nothing_found(given, session.context(), context.err);
}

Error no_such_scope(const ListOptions& given, const std::string& role) {
  return {
      Kind::statement,
      "there is no " + base::to_lower(given.scope[0]) + " " + base::printable(given.scope[1], 300) +
          " that the role " + base::printable(role, 100) + " can see",
      "docker snowflake repositories --in-account lists all that it can see; --role chooses another role"};
}

void add_list_options(CLI::App& command, const std::shared_ptr<ListOptions>& given) {
  command.add_option("-l,--like", given->like, "SQL pattern for names, such as my%")->option_text("PATTERN");
  command.add_option("--in", given->scope, "Where to look: database <name>, or schema <name>")
      ->expected(2)
      ->option_text("SCOPE NAME");
  command.add_flag("--in-account", given->in_account, "Look through the whole account");
  command.add_flag("--terse", given->terse, "Only some columns")->group("");
  command
      .add_option_function<std::string>(
          "--limit", [given](const std::string& text) { given->limit = cli::whole_number("--limit", text); },
          "Maximum number of rows")
      ->group("");
}

}  // namespace

void add_list(CLI::App& group, Context& context, bool typed) {
  auto* command = group.add_subcommand("list", "List image repositories");
  const auto type = typed ? add_type(*command) : nullptr;
  const auto given = std::make_shared<ListOptions>();
  add_list_options(*command, given);
  const auto options = cli::add_command_options(*command, context);
  command->callback([type, given, options, &context] {
    if (type) require_image_repository(*type);
    check_scope(*given, Kind::config);
    list_as_snow(*given, *options, context);
  });
}

}  // namespace plugin::commands::image_repository

namespace plugin::commands {

void add_repositories(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("repositories", "List image repositories and the URLs to push to");
  const auto given = std::make_shared<image_repository::ListOptions>();
  image_repository::add_list_options(*command, given);
  const auto options = cli::add_command_options(*command, context);
  cli::add_list_options(*command, options);
  command->add_flag_callback(
      "-q,--quiet", [options] { options->format = output::Format::name; }, "Only names");
  command->add_flag("--size", given->size, "Also the size of each repository, from its manifests");
  command->callback([given, options, &context] {
    image_repository::check_scope(*given, base::Kind::usage);
    try {
      image_repository::list_repositories(*given, *options, context);
    } catch (const snowflake::StatementError& error) {
      if (given->scope.empty() || !snowflake::is_missing_object(error.code())) throw;
      throw image_repository::no_such_scope(*given, cli::session_of(*options, context).context().role);
    }
  });
}

}  // namespace plugin::commands
