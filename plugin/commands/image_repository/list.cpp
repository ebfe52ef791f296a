// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "repository_names.hpp"

namespace plugin::image_repository {
namespace {

using base::Error;
using base::Kind;

struct Given {
  std::string type = "image-repository";
  std::string like = "%%";
  std::vector<std::string> scope;
  bool in_account = false;
  bool terse = false;
  std::optional<int> limit;
};

void check_scope(const Given& given) {
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
    throw Error(Kind::config, "Scope type must be one of the following: database, schema, compute-pool.",
                "write --in database <name>, or --in schema <name>");
  }
  if (!is_identifier(given.scope[1])) {
    throw Error(Kind::config, "Scope name must be a valid identifier.",
                kind == "account" ? "write --in-account to list the whole account"
                                  : "for a schema of another database, add --database <name>");
  }
  if (kind == "compute-pool") {
    throw Error(Kind::config, "compute-pool scope is only supported for listing service.",
                "write --in database <name>, or --in schema <name>");
  }
}

std::string statement_for(const Given& given) {
  std::string sql = given.terse ? "show terse image repositories" : "show image repositories";
  if (!given.like.empty()) sql += " like " + snowflake::sql_user_pattern(given.like);
  if (given.in_account) sql += " in account";
  if (!given.scope.empty()) sql += " in " + given.scope[0] + " " + given.scope[1];
  if (given.limit) sql += " limit " + std::to_string(*given.limit);
  return sql;
}

/// Prints the repositories, and keeps their names for the completion of command lines.
void list(const Given& given, const CommandOptions& options, Context& context) {
  auto session = session_of(options, context);
  const auto rows = printer_of(options, context).collection();
  NotedNames noted{*rows};
  session.run(statement_for(given), noted);
  rows->end();
  RepositoryNames{context.environment, session.account()}.add(noted.names());
}

}  // namespace

void add_list(CLI::App& group, Context& context, bool typed, const char* name) {
  auto* command = group.add_subcommand(name, "List image repositories");
  const auto given = std::make_shared<Given>();
  if (typed)
    command->add_option("type", given->type, "image-repository")->required()->option_text("OBJECT_TYPE");
  command->add_option("-l,--like", given->like, "Pattern of SQL for names: my%")->option_text("PATTERN");
  command->add_option("--in", given->scope, "Where to look: database <name>, or schema <name>")
      ->expected(2)
      ->option_text("SCOPE NAME");
  command->add_flag("--in-account", given->in_account, "Look through the whole account");
  command->add_flag("--terse", given->terse, "Only some columns")->group("");
  command
      ->add_option_function<std::string>(
          "--limit", [given](const std::string& text) { given->limit = whole_number("--limit", text); },
          "At most so many rows")
      ->group("");
  const auto options = add_command_options(*command, context);
  command->callback([given, options, &context] {
    require_image_repository(given->type);
    check_scope(*given);
    list(*given, *options, context);
  });
}

}  // namespace plugin::image_repository
