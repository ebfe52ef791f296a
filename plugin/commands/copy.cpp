// SPDX-License-Identifier: Apache-2.0
// Commands about images that are at a registry already: copy, tag, pull.
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command_options.hpp"
#include "image_location.hpp"
#include "image_reference.hpp"
#include "push/engine.hpp"
#include "push/remote_image.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

struct Given {
  std::string source;
  std::string target;
  std::string platform;
  bool quiet = false;
};

std::string image_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// With the tag `latest` for none, as Docker has it.
DefaultName latest() { return {"", "latest"}; }

void copy_image(const Given& given, const CommandOptions& options, Context& context) {
  const auto source = locate_image(given.source, latest(), options, context);
  const bool has_tag = !source.location.reference.starts_with("sha256:");
  const auto target = locate_image(
      given.target, {image_of(source.location.path), has_tag ? source.location.reference : "latest"}, options,
      context);
  push::RemoteImage image{context.environment, context.clock, source.credential, source.location};
  using Mode = push::Progress::Mode;
  const auto mode = given.quiet ? Mode::quiet : context.terminal.is_terminal ? Mode::tty : Mode::plain;
  push::Progress progress{context.out, mode, context.terminal.width};
  push::Pusher pusher{context.environment,
                      context.clock,
                      target.credential,
                      target.location,
                      {3, true, tell_how_to_continue(context)},
                      progress};
  if (!given.quiet)
    context.out << "Copying to [" << target.location.image() << ":" << target.location.reference << "]"
                << std::endl;
  const auto pushed = pusher.push(image.contents(target.location.host));
  if (given.quiet) {
    context.out << target.location.image() << ":" << target.location.reference << '\n';
  } else {
    context.out << target.location.reference << ": digest: " << pushed.digest << " size: " << pushed.size
                << '\n';
  }
}

void tag_image(const Given& given, const std::vector<std::string>& tags, const CommandOptions& options,
               Context& context) {
  const auto source = locate_image(given.source, latest(), options, context);
  push::RemoteImage image{context.environment, context.clock, source.credential, source.location};
  for (const auto& tag : tags) {
    // Throws for what is no tag.
    ImageReference::parse("database.schema.repository/image:" + tag);
    const auto pushed = image.add_tag(tag);
    context.out << source.location.image() << ":" << tag << ": digest: " << pushed.digest << '\n';
  }
}

void pull_image(const Given& given, const CommandOptions& options, Context& context) {
  const auto image = locate_image(given.source, latest(), options, context).location;
  const bool is_digest = image.reference.starts_with("sha256:");
  std::vector<std::string> words{"pull"};
  if (given.quiet) words.emplace_back("--quiet");
  if (!given.platform.empty()) words.push_back("--platform=" + given.platform);
  words.push_back(image.image() + (is_digest ? "@" : ":") + image.reference);
  context.out.flush();
  context.status = engine_of(context).run(words);
}

}  // namespace

void add_copy(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("copy", "Copy an image to another repository or account, with its digest");
  const auto given = std::make_shared<Given>();
  command->add_option("source", given->source, image_syntax)->required()->option_text("SOURCE");
  command->add_option("target", given->target, image_syntax)->required()->option_text("TARGET");
  command->add_flag("-q,--quiet", given->quiet, "Print the reference alone");
  const auto options = add_login_options(*command);
  command->callback([given, options, &context] { copy_image(*given, *options, context); });
}

void add_tag(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("tag", "Give an image at the registry another tag; nothing is transferred");
  const auto given = std::make_shared<Given>();
  const auto tags = std::make_shared<std::vector<std::string>>();
  command->add_option("image", given->source, image_syntax)->required()->option_text("IMAGE");
  command->add_option("tags", *tags, "The new tags")->required()->take_all()->option_text("TAG...");
  const auto options = add_login_options(*command);
  command->callback([given, tags, options, &context] { tag_image(*given, *tags, *options, context); });
}

void add_pull(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("pull", "Pull an image whose names of SQL you know, with docker pull");
  const auto given = std::make_shared<Given>();
  command->add_option("image", given->source, image_syntax)->required()->option_text("IMAGE");
  command->add_option("--platform", given->platform, "As for docker pull");
  command->add_flag("-q,--quiet", given->quiet, "As for docker pull");
  const auto options = add_login_options(*command);
  command->callback([given, options, &context] { pull_image(*given, *options, context); });
}

}  // namespace plugin
