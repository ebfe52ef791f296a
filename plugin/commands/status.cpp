// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "kept_text.hpp"
#include "snowflake/auth/is_interactive.hpp"
#include "snowflake/auth/required.hpp"
#include "time_text.hpp"

namespace plugin {
namespace {

using Kept = std::vector<snowflake::CachedCredential>;

/// JSON has null where there is nothing.
output::Value text_or_null(const std::string& text) {
  auto value = output::text_value(text);
  if (text.empty()) value.json = nullptr;
  return value;
}

output::Value kept_value(const Kept& kept, base::TimePoint now) {
  auto json = base::OrderedJson::array();
  std::string text;
  for (const auto& credential : kept) {
    json.push_back({{"what", credential.kind},
                    {"where", credential.stores},
                    {"until", iso_time(credential.expires_at)}});
    text += (text.empty() ? "" : "\n") + in_words(credential, now);
  }
  return {json, text.empty() ? "nothing" : text, text};
}

/// When a person has to sign in: with the last thing that stands for one. Never, where none is needed.
output::Value next_sign_in(const config::Connection& connection, const Kept& kept, base::TimePoint now) {
  if (!snowflake::is_interactive(connection)) return {nullptr, "by itself", ""};
  auto until = now;
  for (const auto& credential : kept) {
    if (snowflake::stands_for_user(connection, credential.kind))
      until = std::max(until, credential.expires_at);
  }
  const std::string time = iso_time(until);
  if (until == now) return {time, "now: " + snowflake::login_command(connection), time};
  return {time, "in " + in_words(until - now), time};
}

output::Fields fields_of(const config::Connection& connection, Context& context) {
  std::string host;
  Kept kept;
  std::string problem;
  try {
    kept = context.wiring.session(connection).cached();
    host = context.resolver.registry_of(connection).name();
  } catch (const base::Error& error) {
    problem = error.what();
  }
  const auto now = context.clock.now();
  auto next = problem.empty() ? next_sign_in(connection, kept, now) : text_or_null("");
  if (!problem.empty()) next.text = problem;
  return {{"connection", output::text_value(connection.name)},
          {"registry", text_or_null(host)},
          {"user", text_or_null(connection.text("user"))},
          {"role", text_or_null(connection.text("role"))},
          {"authenticator", output::text_value(connection.authenticator())},
          {"kept", kept_value(kept, now)},
          {"next_sign_in", next},
          {"problem", text_or_null(problem)}};
}

void show_places(const std::string& title, token::TieredStore& ladder, std::ostream& out) {
  ladder.check();
  out << title << ladder.name() << '\n';
  for (const auto& place : ladder.states()) {
    if (place.failure.empty()) continue;
    out << "  not in the " << place.name << ": " << place.failure << '\n';
    if (!place.hint.empty()) out << "    next: " << place.hint << '\n';
  }
}

/// Those of the files, unless one is asked for.
std::vector<config::Connection> connections_of(const CommandOptions& options, Context& context) {
  const auto& selection = options.selection;
  if (selection.name || selection.temporary || !selection.options.empty())
    return {connection_of(options, context)};
  const auto& all = context.resolver.connections();
  std::vector<config::Connection> connections;
  for (const auto& name : all.names()) connections.push_back(all.named(name));
  return connections;
}

void show_status(const CommandOptions& options, Context& context) {
  const auto connections = connections_of(options, context);
  for (const auto& warning : context.resolver.connections().warnings())
    context.err << "Warning: " << warning << '\n';
  const bool for_people = options.format == output::Format::table;
  std::vector<output::Fields> rows;
  for (const auto& connection : connections) {
    rows.push_back(fields_of(connection, context));
    // There it stands in the place of the next sign-in.
    if (for_people) rows.back().pop_back();
  }
  printer_of(options, context).objects(rows);
  if (!for_people) return;
  if (connections.empty())
    context.out << "No connection is set up: snow connection add; -x is the one that variables make\n";
  show_places("tokens for the next push: ", *context.wiring.stores().ready, context.out);
  show_places("kept in:                  ", *context.wiring.stores().credentials, context.out);
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("status", "Show what is kept of each connection, where, and until when");
  const auto options = add_command_options(*command, context);
  command->callback([options, &context] { show_status(*options, context); });
}

}  // namespace plugin
