// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "commands/result_rows.hpp"
#include "docker/registry.hpp"
#include "registry/client.hpp"

namespace plugin::commands::image_repository {
namespace {

using base::Error;
using base::Kind;

/// Longer than any tag is.
constexpr std::size_t max_tag = 200;

/// `/db/schema/repository/image` without what comes before the image.
std::string image_in(const std::string& path) {
  if (path.starts_with('/')) {
    const auto reference = names::ImageReference::parse_path(path.substr(1));
    if (!reference.image.empty()) return reference.image;
  }
  throw Error(Kind::config, "'" + base::printable(path, 200) + "' does not name an image",
              "write --image-name /database/schema/repository/image");
}

void list_tags(const names::ObjectName& name, const std::string& image, const cli::CommandOptions& options,
               Context& context) {
  const std::string short_image = image_in(image);
  const auto connection = cli::connection_of(options, context);
  auto session = context.wiring.session(connection);
  const std::string url = url_of(name, session);
  const std::string host = url.substr(0, url.find('/'));
  require_registry(host, context);
  const auto token = context.wiring.registry_token(connection);
  registry::Client registry{context.wiring.http(connection), host};
  const auto authorization =
      registry.bearer_of_login(token.credential_for(host, context.clock.now())).authorization;
  const auto rows = cli::printer_of(options, context).rows();
  rows->begin({"tag"});
  for (const auto& tag : registry.tags(url.substr(host.size() + 1), short_image, authorization))
    rows->row({output::text_value(image + ":" + base::printable(tag, max_tag))});
  rows->end();
}

}  // namespace

void add_list_images(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("list-images", "List the images of a repository");
  const auto name = add_name(*command);
  const auto like = std::make_shared<std::string>("%%");
  command->add_option("-l,--like", *like, "SQL pattern for image names, such as my%")->option_text("PATTERN");
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, like, options, &context] {
    const auto given = cli::repository_argument(*name, *options, context);
    const std::string filter = like->empty() ? "" : " like " + snowflake::sql_user_pattern(*like);
    print_rows("show images" + filter + " in image repository " + given.name.text(), given.options, context);
  });
}

void add_list_tags(CLI::App& group, Context& context) {
  auto* command =
      group.add_subcommand("list-tags", "List the tags of an image (deprecated: list-images shows them)");
  const auto name = add_name(*command);
  const auto image = std::make_shared<std::string>();
  command->add_option("-i,--image-name,--image_name", *image, "/database/schema/repository/image")
      ->required()
      ->option_text("PATH");
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, image, options, &context] {
    context.err << "DeprecationWarning: The command 'list-tags' is deprecated.\n";
    const auto given = cli::repository_argument(*name, *options, context);
    list_tags(given.name, *image, given.options, context);
  });
}

}  // namespace plugin::commands::image_repository
