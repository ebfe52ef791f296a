// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "output/list.hpp"
#include "ui/progress_line.hpp"

namespace plugin::commands {
namespace {

constexpr const char* question =
    R"(SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", )"
    R"(CURRENT_SECONDARY_ROLES() AS "secondary_roles", CURRENT_ORGANIZATION_NAME() AS "organization", )"
    R"(CURRENT_ACCOUNT_NAME() AS "account", CURRENT_ACCOUNT() AS "locator", CURRENT_REGION() AS "region", )"
    R"(CURRENT_VERSION() AS "version")";

/// Snowflake says {"roles":"A,B","value":"ALL"}.
std::string secondary_roles(const std::string& text) {
  const auto json = base::parse_json(text).value_or(nullptr);
  const auto roles = base::text_at(json, "roles").value_or("");
  const auto value = base::text_at(json, "value").value_or("");
  if (value.empty()) return roles.empty() ? "NONE" : roles;
  return roles.empty() ? value : value + " (" + roles + ")";
}

void ask(const cli::CommandOptions& options, bool quiet, Context& context) {
  const auto connection = cli::connection_of(options, context);
  auto session = context.wiring.session(connection);
  const auto result = [&] {
    const ui::ProgressLine progress{"Asking Snowflake", context.environment};
    return session.run(question);
  }();
  const auto answer = [&](const char* column) { return result.at(0, column).value_or(""); };
  if (quiet) {
    context.out << base::printable(answer("user")) << '\n';
    return;
  }
  const output::Fields fields = {
      {"user", output::text_value(answer("user"))},
      {"role", output::text_value(answer("role"))},
      {"secondary_roles", output::text_value(secondary_roles(answer("secondary_roles")))},
      {"account", output::text_value(answer("organization") + "-" + answer("account"))},
      {"locator", output::text_value(answer("locator"))},
      {"region", output::text_value(answer("region"))},
      {"version", output::text_value(answer("version"))}};
  if (output::is_for_users(options.format)) return output::print_card(context.out, fields);
  cli::printer_of(options, context).object(fields);
}

}  // namespace

void add_whoami(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("whoami", "Show the user, role and account of a connection, as Snowflake sees them");
  const auto options = cli::add_command_options(*command, context);
  const auto quiet = std::make_shared<bool>(false);
  command->add_flag("-q,--quiet", *quiet, "Only the name of the user");
  cli::add_output_option(*command, {options, &options->format});
  command->add_flag_callback(
      "--json", [options] { options->format = output::Format::json; }, "As -o json");
  command->callback([options, quiet, &context] { ask(*options, *quiet, context); });
}

}  // namespace plugin::commands
