// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"
#include "result_rows.hpp"

namespace plugin::image_repository {

void print_rows(const std::string& sql, const CommandOptions& options, Context& context) {
  auto session = session_of(options, context);
  const auto rows = printer_of(options, context).rows();
  ResultRows result{*rows, options.format};
  session.run(sql, result);
  rows->end();
}

void add_list_images(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("list-images", "List the images of a repository");
  const auto name = std::make_shared<std::string>();
  const auto like = std::make_shared<std::string>("%%");
  command->add_option("name", *name, repository_syntax)->required()->option_text("NAME");
  command->add_option("-l,--like", *like, "Pattern of SQL for the names of images: my%")
      ->option_text("PATTERN");
  const auto options = add_command_options(*command, context);
  command->callback([name, like, options, &context] {
    const auto repository = ObjectName::parse_repository(*name);
    const std::string filter = like->empty() ? "" : " like " + snowflake::sql_user_pattern(*like);
    print_rows("show images" + filter + " in image repository " + repository.text(), *options, context);
  });
}

}  // namespace plugin::image_repository
