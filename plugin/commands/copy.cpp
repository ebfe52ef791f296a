// SPDX-License-Identifier: Apache-2.0
// Commands for images that are at a registry already: copy, tag, pull.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_location.hpp"
#include "names/image_reference.hpp"
#include "push/engine.hpp"
#include "push/progress_thread.hpp"
#include "push/remote_image.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

struct CopyOptions {
  std::string source;
  std::string target;
  std::string platform;
  bool quiet = false;
};

void print_copied(const push::PushedManifest& copied, const std::string& reference, const std::string& tag,
                  const CopyOptions& given, Context& context) {
  if (given.quiet) {
    context.out << reference << '\n';
  } else {
    context.out << base::printable(tag) << ": digest: " << copied.digest << " size: " << copied.size << '\n';
  }
}

void copy_to_registry(push::Contents contents, const ImageLocation& target, push::PushProgress& progress,
                      const CopyOptions& given, Context& context) {
  const auto& location = target.location;
  const auto reference = location.text();
  push::Pusher pusher{context.environment,
                      context.clock,
                      target.access,
                      location,
                      {3, true, print_how_to_continue(context)},
                      progress};
  if (!given.quiet) context.out << "Copying to [" << reference << "]" << std::endl;
  const auto copied = [&] {
    const push::ProgressThread thread{progress, context.clock, context.err};
    return pusher.push(std::move(contents));
  }();
  print_copied(copied, reference, location.reference, given, context);
}

/// A directory that is removed with this object.
class TemporaryDirectory {
public:
  explicit TemporaryDirectory(const std::filesystem::path& beside) {
    auto name = (beside / ".docker-snowflake-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw base::file_error("cannot create a directory in", beside, errno);
    }
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code failure;
    std::filesystem::remove_all(path_, failure);
  }
  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

void copy_to_files(push::Contents contents, const std::string& tag, const ImageSource& target,
                   push::PushProgress& progress, const CopyOptions& given, Context& context) {
  const auto& name = target.selection.name.empty() ? tag : target.selection.name;
  if (!given.quiet) context.out << "Copying to [" << base::printable(given.target) << "]" << std::endl;
  const auto copied = [&] {
    const push::ProgressThread thread{progress, context.clock, context.err};
    if (target.kind == ImageSource::Kind::oci_directory)
      return push::write_layout(contents, target.path, name, progress);
    const auto file = std::filesystem::absolute(target.path);
    const TemporaryDirectory directory{file.parent_path()};
    const auto written = push::write_layout(contents, directory.path(), name, progress);
    progress.set_phase("Writing the archive");
    push::write_tar(directory.path(), file);
    return written;
  }();
  print_copied(copied, given.target, name, given, context);
}

/// Checked before anything is downloaded.
void require_file(const ImageSource& target) {
  std::error_code ignored;
  if (target.kind != ImageSource::Kind::oci_archive) {
    if (!target.path.empty()) return;
    throw Error(Kind::usage, "oci: needs a directory", "write oci:<directory>");
  }
  const auto path = base::printable(target.path, 200);
  if (target.path.empty() || target.path == "-")
    throw Error(Kind::usage, "oci-archive: needs a file name", "write oci-archive:<file>.tar");
  if (!std::filesystem::is_directory(target.path, ignored)) return base::require_replaceable(target.path);
  throw Error(Kind::config, "'" + path + "' is a directory",
              "oci-archive:" + (path.ends_with('/') ? path : path + "/") +
                  "<file>.tar writes a file in it; oci:" + path + " writes an OCI image layout");
}

/// Users may expect `copy` to accept an image of the engine, as `push` does.
void refuse_image_of_engine(const CopyOptions& given) {
  const auto scheme = given.source.find("://");
  const auto name = scheme == std::string::npos ? given.source : given.source.substr(scheme + 3);
  if (name.starts_with('@') || name.find('/') != std::string::npos || name.find(':') == std::string::npos)
    return;
  const auto image = base::printable(name, 200);
  throw Error(Kind::usage, "'" + image + "' is not an image in a repository",
              "for an image of the engine: docker snowflake push " + image + " " +
                  base::printable(given.target, 200));
}

void copy_image(const CopyOptions& given, const cli::CommandOptions& options, Context& context) {
  auto from_files = ImageSource::parse(given.source);
  const auto to_files = ImageSource::parse(given.target);
  const bool is_writable = !to_files || to_files->kind == ImageSource::Kind::oci_directory ||
                           to_files->kind == ImageSource::Kind::oci_archive;
  if (!is_writable || (from_files && to_files)) {
    throw Error(Kind::usage, "cannot copy to '" + base::printable(given.target, 200) + "'",
                "copy to an image repository, or from one to oci:DIR or oci-archive:FILE");
  }
  if (to_files) require_file(*to_files);
  const auto mode = given.quiet ? push::PushProgress::Mode::quiet : automatic_progress(context);
  push::PushProgress progress{context.out, mode, terminal_width(context)};
  if (from_files) {
    from_files->selection.all_platforms = true;
    const auto target = locate_target(given.target, {}, options, context, progress);
    return copy_to_registry(read(*from_files, context.environment), target, progress, given, context);
  }
  refuse_image_of_engine(given);
  const auto source = locate_image(given.source, {}, options, context, &progress);
  const auto tag = source.location.has_digest() ? "latest" : source.location.reference;
  push::RemoteImage image{context.environment, context.clock, source.access, source.location};
  if (to_files) return copy_to_files(image.contents({}), tag, *to_files, progress, given, context);
  const DefaultName same_name{source.location.path.substr(source.location.path.rfind('/') + 1), tag};
  const auto target = locate_target(given.target, same_name, options, context, progress);
  copy_to_registry(image.contents(target.location.host), target, progress, given, context);
}

/// The tag in an argument: a tag alone, or, as for `docker tag`, a reference to the same image.
std::string tag_named_by(const std::string& text, const CopyOptions& given, const push::RegistryImage& source,
                         const cli::CommandOptions& options, Context& context) {
  if (names::is_tag(text)) return text;
  const auto slash = text.rfind('/');
  if (slash == std::string::npos || text.find(':', slash) == std::string::npos) {
    throw Error(Kind::usage, "'" + base::printable(text, 200) + "' is not a tag",
                "a tag has up to 128 letters, digits, '.', '_' and '-', and does not begin with '.' or '-'");
  }
  const auto target = locate_image(text, {}, options, context).location;
  if (target.image() != source.image()) {
    throw Error(
        Kind::usage, "'" + base::printable(text, 200) + "' is another image, not another tag",
        "docker snowflake copy " + base::printable(given.source, 200) + " " + base::printable(text, 200));
  }
  return target.reference;
}

void tag_image(const CopyOptions& given, const std::vector<std::string>& words,
               const cli::CommandOptions& options, Context& context) {
  // As `docker tag` is used before a push.
  if (words.front().find('/') != std::string::npos) refuse_image_of_engine({given.source, words.front(), {}});
  const auto source = locate_image(given.source, {}, options, context);
  std::vector<std::string> tags;
  for (const auto& word : words) tags.push_back(tag_named_by(word, given, source.location, options, context));
  push::RemoteImage image{context.environment, context.clock, source.access, source.location};
  for (const auto& tag : tags) {
    const auto pushed = image.add_tag(tag);
    context.out << source.location.image() << ":" << tag << ": digest: " << pushed.digest << '\n';
  }
}

void pull_image(const CopyOptions& given, const cli::CommandOptions& options, Context& context) {
  const auto image = locate_image(given.source, {}, options, context).location;
  std::vector<std::string> words;
  if (given.quiet) words.emplace_back("--quiet");
  if (!given.platform.empty()) words.push_back("--platform=" + given.platform);
  words.push_back(image.text());
  context.out.flush();
  const auto run = push::Engine{context.environment, context.docker}.pull(words);
  context.status = run.status;
  context.err << run.err;
  if (run.status == 0) return;
  context.err << "Next: ";
  switch (run.cause) {
    case push::EngineRun::Cause::no_engine:
      context.err << push::how_to_reach_engine(run.err, context.environment);
      break;
    case push::EngineRun::Cause::no_image:
      context.err << "docker snowflake images " << image.repository();
      break;
    case push::EngineRun::Cause::other:
      context.err << "docker snowflake doctor " << image.repository();
  }
  context.err << '\n';
}

}  // namespace

void add_copy(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("copy", "Copy an image to another repository, account or file, with its digest");
  const auto given = std::make_shared<CopyOptions>();
  command
      ->add_option("source", given->source,
                   std::string{names::image_syntax} +
                       ". Or a file: oci:DIR, oci-archive:FILE, docker-archive:FILE, or - for standard input")
      ->required()
      ->option_text("SOURCE");
  command
      ->add_option("target", given->target,
                   std::string{names::image_syntax} + ". Or a file: oci:DIR or oci-archive:FILE")
      ->required()
      ->option_text("TARGET");
  command->add_flag("-q,--quiet", given->quiet, "Print only the reference");
  const auto options = add_login_options(*command, context);
  command->callback([given, options, &context] { copy_image(*given, *options, context); });
}

void add_tag(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("tag", "Give an image at the registry another tag; nothing is transferred");
  const auto given = std::make_shared<CopyOptions>();
  const auto tags = std::make_shared<std::vector<std::string>>();
  command->add_option("image", given->source, names::image_syntax)->required()->option_text("IMAGE");
  command->add_option("tags", *tags, "The new tags")->required()->take_all()->option_text("TAG...");
  const auto options = add_login_options(*command, context);
  command->callback([given, tags, options, &context] { tag_image(*given, *tags, *options, context); });
}

void add_pull(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("pull", "Pull an image by its SQL name, with docker pull");
  const auto given = std::make_shared<CopyOptions>();
  command->add_option("image", given->source, names::image_syntax)->required()->option_text("IMAGE");
  command->add_option("--platform", given->platform, "As for docker pull");
  command->add_flag("-q,--quiet", given->quiet, "As for docker pull");
  const auto options = add_login_options(*command, context);
  command->callback([given, options, &context] { pull_image(*given, *options, context); });
}

}  // namespace plugin::commands
