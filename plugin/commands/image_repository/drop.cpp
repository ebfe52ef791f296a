// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "snowflake/codes.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::image_repository {
namespace {

struct DropOptions {
  bool if_exists = false;
  bool yes = false;
};

/// How many images a repository has; absent when Snowflake refuses to say, which DROP then explains.
std::optional<std::size_t> count_images(const names::ObjectName& name, snowflake::SessionCache& session) {
  try {
    return session.run("show images in image repository " + name.text()).rows.size();
  } catch (const snowflake::StatementError&) {
    return std::nullopt;
  }
}

/// Asks for the name, as all images go with the repository. Throws `config` when another one is typed.
void confirm_drop(const names::ObjectName& name, const cli::CommandOptions& options, Context& context) {
  auto session = cli::session_of(options, context);
  const auto count = count_images(name, session);
  if (!count) return;
  const auto full_name = base::to_upper(name.completed(session.context()));
  const std::string images = std::to_string(*count) + (*count == 1 ? " image" : " images");
  context.err << "This drops " << full_name << " with " << (*count == 0 ? "no images" : images) << ".\n"
              << std::flush;
  const auto typed = ui::ask_line("Type the name of the repository to drop it", "add --yes");
  if (base::equals_ignoring_case(typed, name.name()) || base::equals_ignoring_case(typed, name.text()) ||
      base::equals_ignoring_case(typed, full_name))
    return;
  throw base::Error(base::Kind::config,
                    "nothing was dropped: '" + base::printable(typed, 200) + "' is not the name",
                    "run it again and type " + name.name() + ", or add --yes");
}

void drop(const DropOptions& given, const names::ObjectName& name, const cli::CommandOptions& options,
          Context& context) {
  const bool is_attended = context.terminal.is_terminal && isatty(STDIN_FILENO) != 0;
  if (is_attended && !given.yes) confirm_drop(name, options, context);
  print_rows(
      std::string{"drop image repository"} + (given.if_exists ? " if exists " : " ") + name.in_identifier(),
      options, context);
}

}  // namespace

void add_drop(CLI::App& group, Context& context, bool typed) {
  auto* command = group.add_subcommand("drop", "Drop an image repository with all its images");
  const auto given = std::make_shared<DropOptions>();
  const auto type = typed ? add_type(*command) : nullptr;
  const auto name = add_name(*command);
  command->add_flag("--if-exists", given->if_exists, "No error if it does not exist");
  command->add_flag("-y,--yes", given->yes, "Do not ask at a terminal");
  const auto options = cli::add_command_options(*command, context);
  command->callback([type, name, given, options, &context] {
    if (type) {
      require_image_repository(*type);
      return drop(*given, names::ObjectName::parse(*name), *options, context);
    }
    const auto repository = cli::repository_argument(*name, *options, context);
    drop(*given, repository.name, repository.options, context);
  });
}

}  // namespace plugin::commands::image_repository
