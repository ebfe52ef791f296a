// SPDX-License-Identifier: Apache-2.0
#include "plugin.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "invocation.hpp"
#include "version.hpp"

namespace plugin {
namespace {

constexpr const char* summary = "Sign in to Snowflake's image registries, and look into them";

/// The library would only say that a command is missing.
void refuse_unknown_command(const CLI::App& app, const std::string& word) {
  const auto is_meant = [&](const CLI::App* command) { return command->get_name() == word; };
  if (word.starts_with('-') || !app.get_subcommands(is_meant).empty()) return;
  throw base::Error(base::Kind::usage, "No such command '" + base::printable(word, 100) + "'.",
                    app.get_name() + " --help");
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
  app.require_subcommand(1);
  app.set_version_flag("-v,--version", "docker snowflake " + std::string{version});
  for (const auto add : {add_login, add_status, add_logout, add_token, add_url}) add(app, context);

  auto words = invocation.words;
  if (words.empty()) words = {"--help"};
  refuse_unknown_command(app, words.front());
  // The library wants them last to first.
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::Success& asked) {
    return app.exit(asked, context.out, context.err);
  } catch (const CLI::ParseError& error) {
    throw base::Error(base::Kind::usage, error.what(), app.get_name() + " --help");
  }
  return 0;
}

int report(const base::Error& error, std::ostream& err) {
  err << "Error: " << error.what() << '\n';
  if (!error.hint().empty()) err << "Next: " << error.hint() << '\n';
  return error.kind() == base::Kind::usage ? 2 : 1;
}

}  // namespace plugin
