// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <future>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_location.hpp"
#include "output/format.hpp"
#include "output/units.hpp"
#include "push/engine.hpp"
#include "push/progress_thread.hpp"
#include "push/pusher.hpp"
#include "relay/engine_push.hpp"
#include "relay/http_server.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

/// The largest compressed layer that Snowflake accepts on AWS (docs.snowflake.com, "Working with an image
/// registry and repository").
constexpr std::uint64_t max_layer = 160ULL << 30U;
constexpr int max_parallel = 16;

struct PushOptions {
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

/// Name and tag of an engine's image, without registry and path; empty for an image ID.
DefaultName name_in_engine(std::string name) {
  if (name.starts_with("sha256:")) return {"", ""};
  name = name.substr(0, name.find('@'));
  name = name.substr(name.rfind('/') + 1);
  const auto colon = name.find(':');
  return {name.substr(0, colon), colon == std::string::npos ? "" : name.substr(colon + 1)};
}

/// The source as an engine knows it: without the https:// of a pasted address, and in lower case except for
/// its tag.
std::string engine_name(std::string source) {
  if (const auto scheme = source.find("://"); scheme != std::string::npos) source.erase(0, scheme + 3);
  const auto tag = source.find_first_of(":@", source.rfind('/') + 1);
  return base::to_lower(source.substr(0, tag)) + (tag == std::string::npos ? "" : source.substr(tag));
}

/// Refuses the path of a file where only the name of an image of the engine may be.
void refuse_path(const PushOptions& given) {
  const std::filesystem::path path{given.source};
  const bool is_path =
      given.source.starts_with('/') || given.source.starts_with('.') || path.extension() == ".tar";
  std::error_code ignored;
  const bool is_directory = std::filesystem::is_directory(path, ignored);
  if (!is_path || (!is_directory && !std::filesystem::is_regular_file(path, ignored))) return;
  const auto shown = base::printable(given.source, 200);
  throw Error(
      Kind::usage,
      "'" + shown + "' is a " + (is_directory ? "directory" : "file") + ", not an image of the engine",
      std::string{"docker snowflake push "} + (is_directory ? "oci:" : "docker-archive:") + shown +
          " <repository>/<image>:<tag>");
}

push::PushProgress::Mode mode_of(const PushOptions& given, const Context& context) {
  using Mode = push::PushProgress::Mode;
  if (given.quiet) return Mode::quiet;
  if (given.progress == "json") return Mode::json;
  if (given.progress == "plain") return Mode::plain;
  if (given.progress == "tty") return Mode::tty;
  return automatic_progress(context);
}

/// Throws `usage` unless `--platform` is `<os>/<architecture>[/<variant>]`.
void check_platform_option(const std::string& platform) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
  const auto parts = base::split(platform, '/');
  const bool is_valid =
      parts.size() > 1 && parts.size() < 4 && std::ranges::all_of(parts, [&](const auto& part) {
        return !part.empty() && part.find_first_not_of(allowed) == std::string::npos;
      });
  if (is_valid) return;
  throw Error(Kind::usage, "Invalid value for '--platform': '" + base::printable(platform, 100) + "'.",
              "write <os>/<architecture>, such as " + std::string{push::default_platform});
}

/// Whether an image is what `--platform` asks for; a variant that only one of them names does not count.
bool is_chosen(const std::string& platform, const PushOptions& given) {
  return given.platform.empty() || platform.empty() || (platform + "/").starts_with(given.platform + "/") ||
         given.platform.starts_with(platform + "/");
}

/// Throws unless the image that was read is for the platform that the options ask for: a source with a single
/// image offers no choice.
void require_chosen(const push::Contents& contents, const PushOptions& given) {
  for (const auto& image : contents.images) {
    if (given.all_platforms || is_chosen(image.platform, given)) continue;
    throw Error(Kind::config,
                "the image is for " + base::printable(image.platform, 50) + ", not for " +
                    base::printable(given.platform, 50),
                "leave out --platform, or build the image for it");
  }
}

/// A wrong platform would be noticed only when a service does not start.
void check_platform(const std::string& platform, const PushOptions& given, Context& context) {
  if (platform.empty() || platform.starts_with(push::default_platform)) return;
  if (given.all_platforms || (!given.platform.empty() && !given.strict)) return;
  const std::string sentence = "the image is for " + base::printable(platform, 50) +
                               ", and Snowflake's services run " + push::default_platform;
  if (given.strict)
    throw Error(Kind::config, sentence, "build it with --platform " + std::string{push::default_platform});
  context.err << "Warning: " << sentence << '\n';
}

void check_contents(const push::Contents& contents, const PushOptions& given, Context& context) {
  for (const auto& note : std::set<std::string>{contents.notes.begin(), contents.notes.end()})
    context.err << note << '\n';
  for (const auto& image : contents.images) {
    check_platform(image.platform, given, context);
    for (const auto& layer : image.layers) {
      if (layer.compress || layer.descriptor.size <= max_layer) continue;
      const std::string sentence = "a layer has " + output::human_size(layer.descriptor.size) +
                                   ", more than the registry accepts in some regions";
      if (given.strict) throw Error(Kind::config, sentence, "split it into several layers");
      context.err << "Warning: " << sentence << '\n';
    }
  }
}

void print_result(const push::PushedManifest& pushed, const push::RegistryImage& location,
                  push::PushProgress::Mode mode, Context& context) {
  const auto reference = location.text();
  if (mode == push::PushProgress::Mode::quiet) {
    context.out << reference << '\n';
  } else if (mode == push::PushProgress::Mode::json) {
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

/// A running service keeps its image when the tag is pushed again, which users may not expect.
void warn_of_services(const ImageLocation& target, push::Pusher& pusher, Context& context) {
  if (!pusher.tag_exists()) return;
  const auto services =
      services_that_run(target.location.path + ":" + target.location.reference, target.connection, context);
  if (services.empty()) return;
  const auto name =
      target.location.path.substr(target.location.path.rfind('/') + 1) + ":" + target.location.reference;
  context.err << "Warning: " << base::printable(base::join(services, ", "), 300)
              << (services.size() == 1 ? " runs " : " run ") << base::printable(name, 200)
              << "; it keeps its current image until it is upgraded or restarted\n";
}

/// The parts of a push.
struct PushRun {
  const PushOptions& given;
  const ImageLocation& target;
  const push::Pusher::Options& options;
  push::PushProgress& progress;
  push::Pusher& pusher;
};

/// A local engine pushes through a relay if it can; otherwise the image is exported and pushed from here.
push::PushedManifest push_from_engine(const ImageSource& source, const PushRun& run, Context& context) {
  const push::Engine engine{context.environment, context.docker};
  run.progress.set_phase("Asking the engine and the registry for the image");
  const bool is_whole = !run.given.all_platforms && run.given.platform.empty();
  // In parallel, because Docker's client takes a moment for each call.
  auto asked_socket = std::async(std::launch::async, [&] {
    return is_whole && relay::HttpServer::is_available() ? engine.local_socket() : std::nullopt;
  });
  const auto image = engine.inspect(source.path);
  check_platform(image.platform, run.given, context);
  if (is_chosen(image.platform, run.given)) {
    if (const auto known = run.pusher.push_known(image.id)) return *known;
  }
  warn_of_services(run.target, run.pusher, context);
  if (const auto socket = asked_socket.get()) {
    const auto pushed =
        relay::push_from_engine(context.environment, context.clock, {*socket, image}, run.target.location,
                                run.target.access, run.options, run.progress);
    if (pushed) {
      run.pusher.record_manifest(image.id, pushed->digest);
      return *pushed;
    }
  }
  run.progress.set_phase("Exporting the image from the engine");
  auto contents = read_contents(*engine.save(image, source.path), source.selection);
  require_chosen(contents, run.given);
  // The platform was checked above.
  for (auto& exported : contents.images) exported.platform.clear();
  check_contents(contents, run.given, context);
  return run.pusher.push(std::move(contents));
}

push::PushedManifest push_from(const ImageSource& source, const PushRun& run, Context& context) {
  if (source.kind == ImageSource::Kind::engine) return push_from_engine(source, run, context);
  run.progress.set_phase("Reading the image");
  auto contents = read(source, context.environment);
  require_chosen(contents, run.given);
  check_contents(contents, run.given, context);
  warn_of_services(run.target, run.pusher, context);
  return run.pusher.push(std::move(contents));
}

void push_image(const PushOptions& given, const cli::CommandOptions& options, Context& context) {
  if (!given.platform.empty()) check_platform_option(given.platform);
  auto source =
      ImageSource::parse(given.source).value_or(ImageSource{ImageSource::Kind::engine, given.source, {}});
  if (!given.platform.empty()) source.selection.platform = given.platform;
  source.selection.all_platforms = given.all_platforms;
  DefaultName otherwise{"", ""};
  if (source.kind == ImageSource::Kind::engine) {
    refuse_path(given);
    source.path = engine_name(source.path);
    otherwise = name_in_engine(source.path);
  }
  const bool names_repository = given.source.find('/') != std::string::npos;
  if (given.target.empty() && (source.kind != ImageSource::Kind::engine || !names_repository)) {
    throw Error(Kind::usage,
                "'" + base::printable(given.source, 200) + "' does not say which repository to push to",
                "docker snowflake push " + base::printable(given.source, 200) +
                    " <database>.<schema>.<repository>; docker snowflake repositories lists them");
  }
  const auto mode = mode_of(given, context);
  push::PushProgress progress{context.out, mode, terminal_width(context)};
  auto image = given.target.empty() ? locate_image(given.source, otherwise, options, context, &progress)
                                    : locate_target(given.target, otherwise, options, context, progress);
  const bool is_verbose = mode == push::PushProgress::Mode::plain || mode == push::PushProgress::Mode::tty;
  if (image.location.has_digest()) {
    throw Error(Kind::usage, "cannot push to a digest", "push to a tag: " + image.location.path + ":<tag>");
  }
  if (image.location.reference.empty()) {
    image.location.reference = "latest";
    if (is_verbose) context.out << "Using default tag: latest\n";
  }
  if (is_verbose)
    context.out << "The push refers to repository [" << image.location.image() << "]" << std::endl;
  image.access.on_wait = [&progress](const std::string& reason) { progress.add_line(reason); };
  const push::Pusher::Options pusher_options{
      static_cast<std::size_t>(given.parallel), !given.no_resume,
      given.no_resume ? std::function<void()>{} : print_how_to_continue(context)};
  push::Pusher pusher{context.environment, context.clock,  image.access,
                      image.location,      pusher_options, progress};
  const auto pushed = [&] {
    const push::ProgressThread thread{progress, context.clock, context.err};
    return push_from(source, {given, image, pusher_options, progress, pusher}, context);
  }();
  print_result(pushed, image.location, mode, context);
}

}  // namespace

void add_push(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("push", "Push an image, or resume an interrupted push");
  const auto given = std::make_shared<PushOptions>();
  cli::refuse_empty(
      command->add_option(
          "source", given->source,
          "An image of the engine, oci:DIR, oci-archive:FILE, docker-archive:FILE or -. Without "
          "TARGET, its name must begin with the registry host, as for docker push"))
      ->required()
      ->option_text("SOURCE");
  cli::refuse_empty(command->add_option("target", given->target, names::image_syntax))
      ->option_text("[TARGET]");
  command->add_option("--platform", given->platform, "Which image of an index to push, such as linux/amd64");
  command->add_flag("--all-platforms", given->all_platforms, "All images of an index, and the index");
  command->add_flag("--strict", given->strict, "Fail for images that Snowflake cannot run");
  command->add_flag("--no-resume", given->no_resume,
                    "Start from the beginning, and save nothing to resume from");
  cli::require_range(command->add_option("--parallel", given->parallel, "How many layers at once"), 1,
                     max_parallel)
      ->option_text("N (3)");
  command->add_option("--progress", given->progress, "auto, tty, plain or json")
      ->check([](const std::string& value) -> std::string {
        constexpr std::array known = {"auto", "tty", "plain", "json"};
        if (std::ranges::find(known, value) != known.end()) return {};
        throw output::not_one_of("auto, tty, plain, json", "--progress", value);
      })
      ->option_text("HOW");
  command->add_flag("-q,--quiet", given->quiet, "Print only the reference");
  const auto options = add_login_options(*command, context);
  command->callback([given, options, &context] { push_image(*given, *options, context); });
}

}  // namespace plugin::commands
