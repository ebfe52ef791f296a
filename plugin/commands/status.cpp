// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "doctor/checks.hpp"
#include "output/units.hpp"

namespace plugin::commands {
namespace {

using doctor::Finding;
using doctor::NextPush;
using doctor::State;

/// A connection, and whether the next push with it would succeed.
struct ConnectionStatus {
  config::Connection connection;
  NextPush push;
};

using DockerStatus = std::vector<doctor::TitledFinding>;

bool has_failed(const Finding& finding) { return finding.state == State::failed; }

/// The connections of the files, unless one is chosen; where there are none, that of the variables.
std::vector<ConnectionStatus> statuses_of(const cli::CommandOptions& options, Context& context) {
  std::vector<cli::CommandOptions> choices;
  if (!options.selection.empty()) {
    choices.push_back(options);
  } else {
    const auto& connections = context.resolver.connections();
    for (const auto& name : connections.names()) {
      choices.push_back(options);
      choices.back().selection.name = name;
    }
    if (choices.empty() && connections.from_variables()) {
      choices.push_back(options);
      choices.back().selection.temporary = true;
    }
  }
  std::vector<ConnectionStatus> statuses;
  for (const auto& choice : choices) {
    auto connection = cli::connection_of(choice, context);
    doctor::CheckContext check_context{context, choice, std::nullopt};
    check_context.redaction.add(connection);
    statuses.push_back({std::move(connection), doctor::next_push(check_context, true)});
  }
  return statuses;
}

DockerStatus docker_status(const cli::CommandOptions& options, Context& context) {
  doctor::CheckContext check_context{context, options, std::nullopt};
  return doctor::check_programs(check_context);
}

/// The first thing that the next push with this connection fails with; null when it does not.
const Finding* problem_of(const ConnectionStatus& status, const DockerStatus& docker) {
  if (has_failed(status.push.login)) return &status.push.login;
  if (has_failed(status.push.docker)) return &status.push.docker;
  for (const auto& [title, finding] : docker) {
    if (has_failed(finding)) return &finding;
  }
  return nullptr;
}

/// Whether the user must act before Docker can push: a connection that Docker does not use does not matter,
/// unless it is the one that was asked about, or Docker uses none.
bool must_act(const std::vector<ConnectionStatus>& statuses, const DockerStatus& docker, bool is_chosen) {
  const bool is_any_used =
      std::ranges::any_of(statuses, [](const auto& each) { return each.push.is_used_by_docker(); });
  if (!is_any_used && !is_chosen) return true;
  return std::ranges::any_of(statuses, [&](const auto& each) {
    return (is_chosen || each.push.is_used_by_docker()) && problem_of(each, docker) != nullptr;
  });
}

output::Value cached_value(const NextPush& push, base::TimePoint now) {
  auto json = base::OrderedJson::array();
  std::vector<std::string> lines;
  for (const auto& credential : push.cached) {
    json.push_back({{"what", credential.kind},
                    {"where", credential.stores},
                    {"until", output::iso_time(credential.expires_at)}});
    lines.push_back(doctor::describe(credential, now));
  }
  const std::string text = base::join(lines, "\n");
  return {json, text.empty() ? "nothing" : text, text};
}

output::Fields fields_of(const ConnectionStatus& status, const DockerStatus& docker, base::TimePoint now) {
  const auto& [connection, push] = status;
  const auto* problem = problem_of(status, docker);
  const bool used = push.is_used_by_docker();
  const std::string login_at = push.login_at ? output::iso_time(*push.login_at) : "";
  return {{"connection", output::text_value(connection.name)},
          {"registry", output::text_or_null(push.host)},
          {"user", output::text_or_null(base::printable(connection.text("user"), 200))},
          {"role", output::text_or_null(base::printable(connection.text("role"), 200))},
          {"authenticator", output::text_value(base::printable(connection.authenticator(), 200))},
          {"used_by_docker", {used, used ? "true" : "false", used ? "true" : "false"}},
          {"cached", cached_value(push, now)},
          {"next_login", output::text_or_null(login_at)},
          {"problem", output::text_or_null(problem == nullptr ? "" : problem->sentence)},
          {"next", output::text_or_null(problem == nullptr ? "" : problem->next)}};
}

/// Prints findings the way `docker snowflake doctor` does.
class Cards {
public:
  explicit Cards(Context& context)
      : out_(context.out), style_(doctor::Style::of(context.terminal, context.environment)) {}

  void title(const std::string& text) {
    if (!is_first_) out_ << '\n';
    is_first_ = false;
    out_ << base::printable(text, 500) << '\n';
  }
  void line(const char* title, const Finding& finding) {
    doctor::print_result(out_, {"", title, doctor::Group::docker, finding}, style_, 2);
  }
  void detail(const char* title, const std::string& text) {
    if (!text.empty()) line(title, {State::skipped, text});
  }

private:
  std::ostream& out_;
  doctor::Style style_;
  bool is_first_ = true;
};

void print_connection(const ConnectionStatus& status, base::TimePoint now, Cards& cards) {
  const auto& [connection, push] = status;
  const std::string name = connection.name.empty() ? "(variables and options)" : connection.name;
  cards.title(push.host.empty() ? name : name + ": " + push.host);
  cards.line("login", push.login);
  cards.line("Docker", push.docker);
  const auto user = connection.text("user");
  const auto role = connection.text("role");
  cards.detail("user", user + (role.empty() ? "" : (user.empty() ? "role " : ", role ") + role));
  cards.detail("authenticator", base::printable(connection.authenticator(), 200));
  for (const auto& credential : push.cached) cards.detail("stored", doctor::describe(credential, now));
}

void print_store(const char* title, token::TieredStore& store, Cards& cards) {
  store.check();
  cards.line(title, doctor::ok(store.name()));
  for (const auto& tier : store.states()) {
    if (tier.failure.empty()) continue;
    // Without a next step there is nothing to fix on this machine.
    const std::string sentence = "not in the " + tier.name + ": " + tier.failure;
    cards.line(title,
               tier.hint.empty() ? Finding{State::skipped, sentence} : doctor::warning(sentence, tier.hint));
  }
}

void print_cards(const std::vector<ConnectionStatus>& statuses, const DockerStatus& docker,
                 Context& context) {
  Cards cards{context};
  for (const auto& status : statuses) print_connection(status, context.clock.now(), cards);
  cards.title("Docker");
  for (const auto& [title, finding] : docker) cards.line(title, finding);
  cards.title("Token stores");
  print_store("for the next push", *context.wiring.stores().ready, cards);
  print_store("for logins", *context.wiring.stores().credentials, cards);
}

void show_status(const cli::CommandOptions& options, bool json, bool quiet, Context& context) {
  const auto statuses = statuses_of(options, context);
  if (quiet) {
    if (must_act(statuses, docker_status(options, context), !options.selection.empty())) context.status = 1;
    return;
  }
  for (const auto& warning : context.resolver.connections().warnings())
    context.err << "Warning: " << warning << '\n';
  doctor::CheckContext check_context{context, options, std::nullopt};
  if (const auto choice = doctor::check_default(check_context); choice.state == State::warning)
    context.err << "Warning: " << choice.sentence << "\nNext: " << choice.next << '\n';
  const auto docker = docker_status(options, context);
  if (output::is_for_users(options.format) && !json) {
    if (statuses.empty()) {
      const auto mistake = cli::mistake_in_variables(context);
      context.out << (mistake ? mistake->what() : "There is no Snowflake connection yet")
                  << ".\nNext: " << (mistake ? mistake->hint() : "docker snowflake setup") << "\n\n";
    }
    print_cards(statuses, docker, context);
  } else if (options.format == output::Format::name && !json) {
    for (const auto& status : statuses) context.out << base::printable(status.connection.name) << '\n';
  } else {
    std::vector<output::Fields> rows;
    for (const auto& status : statuses) rows.push_back(fields_of(status, docker, context.clock.now()));
    auto output_options = options;
    if (json) output_options.format = output::Format::json;
    cli::printer_of(output_options, context).objects(rows);
  }
  if (must_act(statuses, docker, !options.selection.empty())) context.status = 1;
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("status", "Show whether the next docker push works; exits with 1 if you must act");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON, like --format JSON");
  const auto options = cli::add_command_options(*command, context);
  const auto quiet = std::make_shared<bool>(false);
  command->add_flag("-q,--quiet", *quiet, "Print nothing; only the exit status tells");
  cli::add_output_option(*command, {options, &options->format});
  command->callback([json, quiet, options, &context] { show_status(*options, *json, *quiet, context); });
}

}  // namespace plugin::commands
