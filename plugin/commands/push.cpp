// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "command_options.hpp"
#include "image_location.hpp"
#include "push/engine.hpp"
#include "push/pusher.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

/// The largest compressed layer that Snowflake takes on AWS (docs.snowflake.com, "Working with an image
/// registry and repository").
constexpr std::uint64_t max_layer = 160ULL << 30U;
constexpr int max_parallel = 16;

struct Given {
  std::string source;
  std::string target;
  std::string platform;
  std::string progress = "auto";
  int parallel = 3;
  bool all_platforms = false;
  bool strict = false;
  bool no_resume = false;
  bool quiet = false;
};

/// Where the image comes from.
struct Source {
  enum class Kind { engine, folder, file, pipe };
  Kind kind = Kind::engine;
  std::string path;  ///< or the name of an image of the engine
  push::Choice choice;
};

/// `PATH` or `PATH:NAME`; a path may have colons itself.
void split_path(Source& source) {
  std::error_code failure;
  const auto colon = source.path.find(':');
  if (colon == std::string::npos || std::filesystem::exists(source.path, failure)) return;
  source.choice.name = source.path.substr(colon + 1);
  source.path.resize(colon);
}

Source parse_source(const Given& given) {
  using Format = push::Choice::Format;
  struct Row {
    std::string_view prefix;
    Source::Kind kind;
    Format format;
  };
  Source source;
  source.path = given.source;
  for (const auto& row :
       {Row{"oci:", Source::Kind::folder, Format::oci}, Row{"oci-archive:", Source::Kind::file, Format::oci},
        Row{"docker-archive:", Source::Kind::file, Format::docker}}) {
    if (!given.source.starts_with(row.prefix)) continue;
    source.kind = row.kind;
    source.choice.format = row.format;
    source.path = given.source.substr(row.prefix.size());
    split_path(source);
  }
  if (given.source == "-") source.kind = Source::Kind::pipe;
  if (!given.platform.empty()) source.choice.platform = given.platform;
  source.choice.all_platforms = given.all_platforms;
  return source;
}

/// The last part of an engine's name for an image, and its tag.
DefaultName name_in_engine(std::string name) {
  name = name.substr(0, name.find('@'));
  name = name.substr(name.rfind('/') + 1);
  const auto colon = name.find(':');
  return {name.substr(0, colon), colon == std::string::npos ? "" : name.substr(colon + 1)};
}

push::Progress::Mode mode_of(const Given& given, const Context& context) {
  using Mode = push::Progress::Mode;
  if (given.quiet) return Mode::quiet;
  if (given.progress == "json") return Mode::json;
  if (given.progress == "plain") return Mode::plain;
  if (given.progress == "tty") return Mode::tty;
  const bool has_terminal =
      context.terminal.is_terminal && context.environment.get("TERM").value_or("") != "dumb";
  return has_terminal ? Mode::tty : Mode::plain;
}

/// What Snowflake would find out later, when a service does not start.
void check_platform(const std::string& platform, const Given& given, Context& context) {
  if (platform.empty() || platform.starts_with(push::default_platform)) return;
  if (given.all_platforms || (!given.platform.empty() && !given.strict)) return;
  const std::string sentence = "the image is for " + base::printable(platform, 50) +
                               ", and Snowflake's services run " + push::default_platform;
  if (given.strict)
    throw Error(Kind::config, sentence, "build it with --platform " + std::string{push::default_platform});
  context.err << "Warning: " << sentence << '\n';
}

void check_contents(const push::Contents& contents, const Given& given, Context& context) {
  for (const auto& note : std::set<std::string>{contents.notes.begin(), contents.notes.end()})
    context.err << note << '\n';
  for (const auto& image : contents.images) {
    check_platform(image.platform, given, context);
    for (const auto& layer : image.layers) {
      if (layer.compress || layer.descriptor.size <= max_layer) continue;
      const std::string sentence = "a layer has " + push::human_size(layer.descriptor.size) +
                                   ", more than the registry takes in every region";
      if (given.strict) throw Error(Kind::config, sentence, "split it into several layers");
      context.err << "Warning: " << sentence << '\n';
    }
  }
}

push::Contents read(const Source& source, Context& context) {
  const auto& environment = context.environment;
  switch (source.kind) {
    case Source::Kind::folder:
      return read_contents(*push::files_of_folder(source.path), source.choice);
    case Source::Kind::file:
      return read_contents(*push::files_of_tar(push::File::open(source.path), source.path, environment),
                           source.choice);
    case Source::Kind::pipe:
      return read_contents(*push::files_of_pipe(STDIN_FILENO, "standard input", environment), source.choice);
    case Source::Kind::engine:
      break;
  }
  return {};
}

void print_result(const push::Pushed& pushed, const push::Location& location, push::Progress::Mode mode,
                  Context& context) {
  const auto reference = location.image() + ":" + location.reference;
  if (mode == push::Progress::Mode::quiet) {
    context.out << reference << '\n';
  } else if (mode == push::Progress::Mode::json) {
    context.out << base::OrderedJson{{"reference", reference},
                                     {"tag", location.reference},
                                     {"digest", pushed.digest},
                                     {"size", pushed.size}}
                       .dump()
                << '\n';
  } else {
    context.out << location.reference << ": digest: " << pushed.digest << " size: " << pushed.size << '\n'
                << "Use in a service specification: /" << location.path << '@' << pushed.digest << '\n';
  }
}

push::Pushed push_from(const Source& source, push::Pusher& pusher, const Given& given, Context& context) {
  if (source.kind != Source::Kind::engine) {
    auto contents = read(source, context);
    check_contents(contents, given, context);
    return pusher.push(std::move(contents));
  }
  const auto engine = engine_of(context);
  const auto image = engine.inspect(source.path);
  if (const auto known = pusher.push_known(image.id)) {
    check_platform(image.platform, given, context);
    return *known;
  }
  auto contents = read_contents(*engine.save(image, source.path), source.choice);
  check_contents(contents, given, context);
  return pusher.push(std::move(contents));
}

void push_image(const Given& given, const CommandOptions& options, Context& context) {
  const auto source = parse_source(given);
  DefaultName otherwise;
  if (source.kind == Source::Kind::engine) otherwise = name_in_engine(source.path);
  const auto& target = given.target.empty() ? given.source : given.target;
  auto image = locate_image(target, otherwise, options, context);
  const auto mode = mode_of(given, context);
  const bool tells = mode == push::Progress::Mode::plain || mode == push::Progress::Mode::tty;
  if (image.location.reference.starts_with("sha256:")) {
    throw Error(Kind::usage, "a push is to a tag, and a digest is what comes of it",
                "write " + image.location.path + ":<tag>");
  }
  if (image.location.reference.empty()) {
    image.location.reference = "latest";
    if (tells) context.out << "Using default tag: latest\n";
  }
  if (tells) context.out << "The push refers to repository [" << image.location.image() << "]" << std::endl;
  push::Progress progress{context.out, mode, context.terminal.width};
  push::Pusher pusher{context.environment,
                      context.clock,
                      image.credential,
                      image.location,
                      {static_cast<std::size_t>(given.parallel), !given.no_resume,
                       given.no_resume ? std::function<void()>{} : tell_how_to_continue(context)},
                      progress};
  print_result(push_from(source, pusher, given, context), image.location, mode, context);
}

}  // namespace

void add_push(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("push", "Push an image, however long that takes, and continue what was broken");
  const auto given = std::make_shared<Given>();
  command
      ->add_option("source", given->source,
                   "An image of the engine, oci:DIR, oci-archive:FILE, docker-archive:FILE or -")
      ->required()
      ->option_text("SOURCE");
  command->add_option("target", given->target, image_syntax)->option_text("[TARGET]");
  command->add_option("--platform", given->platform, "The image to take out of several, such as linux/amd64");
  command->add_flag("--all-platforms", given->all_platforms, "All images of an index, and the index");
  command->add_flag("--strict", given->strict, "Refuse what Snowflake could not run");
  command->add_flag("--no-resume", given->no_resume, "Begin anew, and keep nothing to continue with");
  command->add_option("--parallel", given->parallel, "How many layers at once")
      ->check(CLI::Range(1, max_parallel))
      ->option_text("N (3)");
  command->add_option("--progress", given->progress, "auto, tty, plain or json")
      ->check(CLI::IsMember({"auto", "tty", "plain", "json"}))
      ->option_text("HOW");
  command->add_flag("-q,--quiet", given->quiet, "Print the reference alone");
  const auto options = add_login_options(*command);
  command->callback([given, options, &context] { push_image(*given, *options, context); });
}

}  // namespace plugin
