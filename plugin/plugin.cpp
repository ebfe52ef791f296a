// SPDX-License-Identifier: Apache-2.0
#include "plugin.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "completion.hpp"
#include "greeting.hpp"
#include "hooks.hpp"
#include "invocation.hpp"
#include "parse_errors.hpp"
#include "version.hpp"

namespace plugin {
namespace {

constexpr const char* summary = "Sign in to Snowflake's image registries, and look into them";

using AddCommand = void (*)(CLI::App& app, Context&);

void add_repositories(CLI::App& app, Context& context) {
  image_repository::add_list(app, context, false, "repositories");
}

/// Grouped as Docker groups its own.
void add_commands(CLI::App& app, Context& context) {
  const auto add_all = [&](const char* group, std::initializer_list<AddCommand> commands) {
    for (const auto add : commands) {
      add(app, context);
      app.get_subcommands({}).back()->group(group);
    }
  };
  add_all("Common Commands", {add_setup, add_login, add_status, add_doctor, add_images, add_repositories});
  add_all("Management Commands", {add_config, add_image_registry, add_image_repository, add_object});
  add_all("Commands",
          {add_logout, add_whoami, add_token, add_url, add_ref, image_repository::add_list_images});
}

std::string first_word(const std::vector<std::string>& words) { return words.empty() ? "" : words.front(); }

void parse(CLI::App& app, std::vector<std::string> words) {
  // The library wants them last to first.
  std::reverse(words.begin(), words.end());
  app.parse(words);
}

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
  // Of an option that is given twice the last one counts, also when it was meant for a script in front.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("-v,--version", "docker snowflake " + std::string{version});
  app.add_option_function<std::string>(
      "--config-file", [&](const std::string& file) { context.resolver.use_config_file(file); },
      "Another config.toml of the Snowflake CLI");
  context.docker_config = invocation.docker_config;
  const auto enhanced = context.environment.get("SNOWFLAKE_ENHANCED_EXIT_CODES").value_or("");
  context.enhanced_exit_codes = enhanced == "1" || base::equals_ignoring_case(enhanced, "true");
  add_commands(app, context);
  if (const auto asked = first_word(invocation.words); asked == "__complete" || asked == "__completeNoDesc") {
    complete(app, {invocation.words.begin() + 1, invocation.words.end()}, context);
    return 0;
  } else if (asked == "docker-cli-plugin-hooks" && invocation.words.size() > 1) {
    context.out << answer_hook(invocation.words[1]) << '\n';
    return 0;
  }
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
