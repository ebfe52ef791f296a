// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "names/image_reference.hpp"
#include "snowflake/codes.hpp"

namespace plugin::commands {
namespace {

void print_reference(const std::string& text, const cli::CommandOptions& options, Context& context) {
  const auto reference = names::ImageReference::parse(text);
  const auto connection = cli::connection_of(reference, options, context);
  const auto host =
      reference.host ? base::to_lower(*reference.host) : context.resolver.registry_of(connection).name();
  const snowflake::SessionContext names{connection.text("user"), connection.text("role"),
                                        connection.text("database"), connection.text("schema")};
  cli::printer_of(options, context).message(reference.resolved_in(names).at(host, names));
}

std::string url_of(const names::ObjectName& repository, snowflake::SessionCache& session) {
  try {
    return image_repository::url_of(repository, session);
  } catch (const snowflake::StatementError& error) {
    if (!error.code().empty() && !snowflake::is_missing_object(error.code())) throw;
    const auto& login = session.context();
    throw image_repository::no_such_repository(base::Kind::statement,
                                               base::to_upper(repository.completed(login)), login.role);
  }
}

}  // namespace

void add_url(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("url", "Print the host of the registry, or the URL of a repository");
  const auto name = std::make_shared<std::optional<std::string>>();
  command->add_option("name", *name, names::image_syntax)->option_text("[NAME]");
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, options, &context] {
    const auto printer = cli::printer_of(*options, context);
    if (!*name) {
      const auto connection = cli::connection_of(*options, context);
      printer.message(context.resolver.registry_of(connection).name());
      return;
    }
    const auto given = names::ImageReference::parse(**name);
    auto session = context.wiring.session(cli::connection_of(given, *options, context));
    const auto reference = given.resolved_in(session.context());
    const auto url = url_of(reference.repository, session);
    printer.message(url + (reference.image.empty() ? "" : "/" + reference.image) + reference.tag +
                    reference.digest);
  });
}

void add_ref(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("ref", "Print Docker's reference of an image, from SQL names");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, names::image_syntax)->required()->option_text("NAME");
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, options, &context] { print_reference(*name, *options, context); });
}

}  // namespace plugin::commands
