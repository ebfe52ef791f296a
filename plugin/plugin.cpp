// SPDX-License-Identifier: Apache-2.0
#include "plugin.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <functional>
#include <optional>
#include <ostream>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "cli/hooks.hpp"
#include "cli/invocation.hpp"
#include "commands/commands.hpp"
#include "output/wrapped_lines.hpp"
#include "version.hpp"

namespace plugin {
namespace {

constexpr const char* summary = "Log in to Snowflake image registries, and see what is in them";

/// The commands that print sentences for a user, and nothing that a program reads.
constexpr std::array conversations = {std::pair{"", "setup"}, std::pair{"", "login"}, std::pair{"", "logout"},
                                      std::pair{"connection", "add"}, std::pair{"connection", "use"}};

/// Has what these commands print wrapped at the width of a terminal, from when one is found in the command
/// line.
void wrap_conversations(CLI::App& app, std::optional<output::WrappedLines>& wrapped, Context& context) {
  if (!context.terminal.is_terminal) return;
  for (const auto& [group, name] : conversations) {
    auto& parent = *group == '\0' ? app : *app.get_subcommand(group);
    parent.get_subcommand(name)->preparse_callback(
        [&](std::size_t) { wrapped.emplace(context.out, STDOUT_FILENO); });
  }
}

/// Runs an action when it goes out of scope, however that happens.
class AtEnd {
public:
  explicit AtEnd(std::function<void()> action) : action_(std::move(action)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { action_(); }

private:
  std::function<void()> action_;
};

}  // namespace

std::string metadata() {
  const base::OrderedJson json = {{"SchemaVersion", "0.1.0"},
                                  {"Vendor", "docker-credential-snowflake"},
                                  {"Version", version},
                                  {"ShortDescription", "Snowflake image registries"},
                                  {"URL", project_url}};
  return json.dump();
}

int run(const std::vector<std::string>& arguments, Context& context) {
  const auto invocation = cli::parse_invocation(arguments);
  CLI::App app{summary, invocation.by_docker ? "docker snowflake" : "docker-snowflake"};
  // One command in a line, here and in every group, which inherits this. Without it CLI11 hands each word
  // that a command has no use for back to its parents, and runs the command of that name as well.
  app.require_subcommand(0, 1);
  // The last one of an option that is given twice counts: scripts put defaults in front.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("-v,--version", "docker snowflake " + std::string{version});
  app.add_option_function<std::string>(
      "--config-file", [&](const std::string& file) { context.resolver.use_config_file(file); },
      "Another config.toml of the Snowflake CLI");
  cli::set_help(app, context.terminal);
  context.words = invocation.words;
  context.docker_config = invocation.docker_config;
  // Docker passes on the name that it was called by (docker/PROTOCOL.md 2.3).
  context.docker = {
      context.environment.non_empty("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND").value_or("docker")};
  context.docker.insert(context.docker.end(), invocation.docker_options.begin(),
                        invocation.docker_options.end());
  if (invocation.debug || context.environment.non_empty("DOCKER_SNOWFLAKE_DEBUG"))
    context.wiring.record_requests(net::RequestLog{context.err});
  const auto enhanced = context.environment.get("SNOWFLAKE_ENHANCED_EXIT_CODES").value_or("");
  context.enhanced_exit_codes = enhanced == "1" || base::equals_ignoring_case(enhanced, "true");
  commands::add_all(app, context);
  std::optional<output::WrappedLines> wrapped;
  wrap_conversations(app, wrapped, context);
  const std::string first_word = invocation.words.empty() ? "" : invocation.words.front();
  if (first_word == "__complete" || first_word == "__completeNoDesc") {
    cli::complete(app, {invocation.words.begin() + 1, invocation.words.end()}, context);
    return 0;
  } else if (first_word == "docker-cli-plugin-hooks" && invocation.words.size() > 1) {
    context.out << cli::answer_hook(invocation.words[1], cli::command_line_of_caller()) << '\n';
    return 0;
  }
  const AtEnd warnings{[&context] {
    for (const auto& warning : context.resolver.warnings_of_settings())
      context.err << "Warning: " << warning << '\n';
  }};
  try {
    cli::parse(app, invocation.words);
    if (app.get_subcommands().empty()) commands::greet(context);
  } catch (const CLI::Success& asked) {
    return app.exit(asked, context.out, context.err);
  }
  return context.status;
}

int report(const base::Error& error, bool enhanced_exit_codes, std::ostream& err) {
  err << "Error: " << error.what() << '\n';
  if (!error.hint().empty()) err << "Next: " << error.hint() << '\n';
  if (error.kind() == base::Kind::usage) return 2;
  return enhanced_exit_codes && error.kind() == base::Kind::statement ? 5 : 1;
}

}  // namespace plugin
