// SPDX-License-Identifier: Apache-2.0
#include "plugin.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <ostream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "commands/greeting.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "completion.hpp"
#include "hooks.hpp"
#include "image_location.hpp"
#include "invocation.hpp"
#include "parse_errors.hpp"
#include "version.hpp"

namespace plugin {
namespace {

constexpr const char* summary = "Sign in to Snowflake's image registries, and look into them";

using AddCommand = void (*)(CLI::App& app, Context&);

/// Grouped as Docker groups its own.
void add_commands(CLI::App& app, Context& context) {
  const auto add_all = [&](const char* group, std::initializer_list<AddCommand> commands) {
    for (const auto add : commands) {
      add(app, context);
      app.get_subcommands({}).back()->group(group);
    }
  };
  add_all("Common Commands",
          {add_setup, add_login, add_status, add_doctor, add_images, add_repositories, add_push});
  add_all("Management Commands",
          {add_connection, add_config, add_image_registry, add_image_repository, add_kubernetes, add_object});
  add_all("Commands", {add_logout, add_whoami, add_token, add_docker_config, add_url, add_ref, add_pull,
                       add_copy, add_tag, add_serve, image_repository::add_list_images});
}

std::string first_word(const std::vector<std::string>& words) { return words.empty() ? "" : words.front(); }

/// How many words at the beginning choose a connection: `-c dev images` means `images -c dev`.
std::ptrdiff_t length_of_leading_connection(const std::vector<std::string>& words) {
  const auto first = first_word(words);
  if (first.starts_with("--connection=")) return 1;
  return (first == "-c" || first == "--connection") && words.size() > 1 ? 2 : 0;
}

/// Connection options in front of the command go behind it, where each command has them.
void move_connection_behind_command(std::vector<std::string>& words) {
  const auto length = length_of_leading_connection(words);
  const auto end = std::find(words.begin(), words.end(), "--");
  std::rotate(words.begin(), words.begin() + std::min(length, end - words.begin()), end);
}

/// "++" would end a subcommand for CLI11, silently. No command has a use for it.
void refuse_terminators(const CLI::App& app, const std::vector<std::string>& words) {
  for (std::size_t index = 0; index < words.size(); ++index) {
    const bool is_value = index > 0 && words[index - 1].starts_with('-');
    if (words[index] == "++" && !is_value)
      throw base::Error(base::Kind::usage, "Got unexpected extra argument (++)", app.get_name() + " --help");
  }
}

void parse(CLI::App& app, std::vector<std::string> words) {
  refuse_terminators(app, words);
  move_connection_behind_command(words);
  // CLI11 takes them last to first.
  std::reverse(words.begin(), words.end());
  app.parse(words);
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
  const auto invocation = parse_invocation(arguments);
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
  context.docker_config = invocation.docker_config;
  // Docker says what it was called as (docker/PROTOCOL.md 2.3).
  context.docker = {
      context.environment.non_empty("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND").value_or("docker")};
  context.docker.insert(context.docker.end(), invocation.docker_options.begin(),
                        invocation.docker_options.end());
  const auto enhanced = context.environment.get("SNOWFLAKE_ENHANCED_EXIT_CODES").value_or("");
  context.enhanced_exit_codes = enhanced == "1" || base::equals_ignoring_case(enhanced, "true");
  add_commands(app, context);
  if (const auto asked = first_word(invocation.words); asked == "__complete" || asked == "__completeNoDesc") {
    complete(app, {invocation.words.begin() + 1, invocation.words.end()}, context);
    return 0;
  } else if (asked == "docker-cli-plugin-hooks" && invocation.words.size() > 1) {
    context.out << answer_hook(invocation.words[1], command_line_of_caller()) << '\n';
    return 0;
  }
  const AtEnd warnings{[&context] {
    for (const auto& warning : context.resolver.warnings_of_settings())
      context.err << "Warning: " << warning << '\n';
  }};
  try {
    parse(app, invocation.words);
    if (app.get_subcommands().empty()) greet(context);
  } catch (const CLI::Success& asked) {
    return app.exit(asked, context.out, context.err);
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  }
  return context.status;
}

CLI::App& add_group(CLI::App& app, const char* name, const char* description) {
  auto* group = app.add_subcommand(name, description);
  group->callback([group] {
    if (group->get_subcommands().empty()) throw CLI::CallForHelp{};
  });
  return *group;
}

int report(const base::Error& error, bool enhanced_exit_codes, std::ostream& err) {
  err << "Error: " << error.what() << '\n';
  if (!error.hint().empty()) err << "Next: " << error.hint() << '\n';
  if (error.kind() == base::Kind::usage) return 2;
  return enhanced_exit_codes && error.kind() == base::Kind::statement ? 5 : 1;
}

}  // namespace plugin
