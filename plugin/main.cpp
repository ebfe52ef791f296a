// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "base/interruption.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/invocation.hpp"
#include "cli/plugin_protocol.hpp"
#include "commands/commands.hpp"
#include "config/connection_keys.hpp"
#include "context.hpp"
#include "output/wrapped_lines.hpp"
#include "ui/terminal_prompter.hpp"
#include "version.hpp"

namespace plugin {
namespace {

constexpr const char* summary = "Log in to Snowflake image registries, and see what is in them";

/// Statements may take long, and a user can press Ctrl-C.
constexpr std::chrono::hours timeout{1};

/// The commands that print sentences for a user, and nothing that a program reads.
constexpr std::array conversations = {std::pair{"", "setup"}, std::pair{"", "login"}, std::pair{"", "logout"},
                                      std::pair{"connection", "add"}, std::pair{"connection", "use"}};

/// Wraps what these commands print at the width of the terminal, once one is found in the command line.
void wrap_conversations(CLI::App& app, std::optional<output::WrappedLines>& wrapped, Context& context) {
  if (!context.terminal.is_terminal) return;
  for (const auto& [group, name] : conversations) {
    auto& parent = *group == '\0' ? app : *app.get_subcommand(group);
    parent.get_subcommand(name)->preparse_callback(
        [&](std::size_t) { wrapped.emplace(context.out, STDOUT_FILENO); });
  }
}

/// Prints the warnings about the settings when a command ends, however that happens.
struct WarningsAtEnd {
  Context& context;

  ~WarningsAtEnd() {
    for (const auto& warning : context.resolver.warnings_of_settings())
      context.err << "Warning: " << warning << '\n';
  }
};

/// What a command learns from the words for Docker, and from variables for this program.
void apply(const cli::Invocation& invocation, Context& context) {
  const auto& environment = context.environment;
  context.words = invocation.words;
  context.docker_config = invocation.docker_config;
  // Docker passes on the name that it was called by (docker/PROTOCOL.md 2.3).
  context.docker = {environment.non_empty("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND").value_or("docker")};
  context.docker.insert(context.docker.end(), invocation.docker_options.begin(),
                        invocation.docker_options.end());
  if (invocation.debug || environment.non_empty("DOCKER_SNOWFLAKE_DEBUG"))
    context.wiring.record_requests(net::RequestLog{context.err});
  const auto enhanced = environment.get("SNOWFLAKE_ENHANCED_EXIT_CODES").value_or("");
  context.enhanced_exit_codes = enhanced == "1" || base::equals_ignoring_case(enhanced, "true");
}

/// Adds the commands, and sets what is the same for all of them.
void configure(CLI::App& app, Context& context) {
  // At most one command, here and in every group, which inherits this. Otherwise CLI11 passes an extra word
  // of a command back to its parents, and also runs the command of that name.
  app.require_subcommand(0, 1);
  // The last one of an option that is given twice counts: scripts put defaults in front.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("-v,--version", "docker snowflake " + std::string{version});
  app.add_option_function<std::string>(
      "--config-file", [&](const std::string& file) { context.resolver.use_config_file(file); },
      "Another config.toml of the Snowflake CLI");
  cli::set_help(app, context.terminal);
  commands::add_all(app, context);
}

/// Runs one command line; `arguments` is what follows the program's name. Returns the exit status: 0, or
/// that of a command that failed and has reported it. Throws `base::Error`.
int run(const std::vector<std::string>& arguments, Context& context) {
  const auto invocation = cli::parse_invocation(arguments);
  const auto& words = invocation.words;
  const std::string first_word = words.empty() ? "" : words.front();
  if (first_word == "docker-cli-plugin-hooks" && words.size() > 1) {
    context.out << cli::answer_hook(words[1]) << '\n';
    return 0;
  }
  apply(invocation, context);
  CLI::App app{summary, invocation.by_docker ? "docker snowflake" : "docker-snowflake"};
  configure(app, context);
  if (first_word == "__complete" || first_word == "__completeNoDesc") {
    cli::complete(app, {words.begin() + 1, words.end()}, context);
    return 0;
  }
  std::optional<output::WrappedLines> wrapped;
  wrap_conversations(app, wrapped, context);
  const WarningsAtEnd warnings{context};
  try {
    cli::parse(app, words);
    if (app.get_subcommands().empty()) commands::greet(context);
  } catch (const CLI::Success& asked) {
    return app.exit(asked, context.out, context.err);
  }
  return context.status;
}

/// Prints what went wrong and what to do next. Returns the exit status: 2 for a wrong command line, 5 for a
/// statement that Snowflake refused if that is asked for (`snowflake/PROTOCOL.md` 10.5), else 1.
int report(const base::Error& error, bool enhanced_exit_codes = false) {
  std::cerr << "Error: " << error.what() << '\n';
  if (!error.hint().empty()) std::cerr << "Next: " << error.hint() << '\n';
  if (error.kind() == base::Kind::usage) return 2;
  return enhanced_exit_codes && error.kind() == base::Kind::statement ? 5 : 1;
}

int run(const std::vector<std::string>& arguments) {
  const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
  base::SystemClock clock;
  cli::end_with_docker(environment);
  config::RegistryResolver resolver{environment};
  ui::TerminalPrompter terminal{environment};
  Wiring wiring{environment, clock, resolver, timeout, &terminal};
  Context context{environment, clock,     resolver,  wiring,
                  terminal,    std::cout, std::cerr, output::Terminal::of_process(environment)};
  try {
    const int status = run(arguments, context);
    std::cout.flush();
    if (status != 0 || std::cout) return status;
    // Like a program that SIGPIPE ends: `docker snowflake images | head -1` is not a mistake.
    if (base::standard_output_is_closed()) return 128 + SIGPIPE;
    throw base::Error(base::Kind::config, "standard output cannot be written to",
                      "check that it is open and that the disk is not full: df -h .");
  } catch (const base::Error& error) {
    std::cout.flush();
    return report(error, context.enhanced_exit_codes);
  }
}

}  // namespace
}  // namespace plugin

int main(int argc, char** argv) {
  base::prepare_program();
  // Docker asks every plugin for this whenever it shows help: nothing else may run before it.
  if (argc == 2 && std::string_view{argv[1]} == "docker-cli-plugin-metadata") {
    std::cout << plugin::cli::metadata() << std::endl;
    return 0;
  }
  base::handle_interruptions();
  const plugin::output::WrappedLines errors{std::cerr, STDERR_FILENO};
  try {
    return plugin::run({argv + 1, argv + argc});
  } catch (const base::Error& error) {
    return plugin::report(error);
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return plugin::report({base::Kind::network, "an answer is too large for the memory of this machine"});
  } catch (const std::exception& error) {
    return plugin::report({base::Kind::internal, error.what()});
  }
}
