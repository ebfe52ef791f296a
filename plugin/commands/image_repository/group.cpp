// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "commands.hpp"
#include "commands/image_repository/image_repository.hpp"

namespace plugin {

void add_image_repository(CLI::App& app, Context& context) {
  auto& group = add_group(app, "image-repository", "Image repositories, with the Snowflake CLI's commands");
  image_repository::add_create(group, context);
  image_repository::add_deploy(group, context);
  image_repository::add_drop(group, context, false);
  image_repository::add_list(group, context, false);
  image_repository::add_list_images(group, context);
  image_repository::add_list_tags(group, context);
  image_repository::add_url(group, context);
}

}  // namespace plugin
