// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "time_text.hpp"

namespace plugin {
namespace {

void show_places(const std::string& title, token::StoreLadder& ladder, std::ostream& out) {
  ladder.check();
  out << title << ladder.name() << '\n';
  for (const auto& place : ladder.places()) {
    if (place.failure.empty()) continue;
    out << "  not in the " << place.name << ": " << place.failure << '\n';
    if (!place.hint.empty()) out << "    next: " << place.hint << '\n';
  }
}

void show_connection(const std::string& name, Context& context) {
  auto& registries = context.registries;
  context.out << name;
  try {
    const auto connection = registries.connections().named(name);
    const auto host = snowflake::registry_of(connection, registries.settings());
    const auto kept = registries.kept(connection);
    context.out << "  " << host.name() << "  " << connection.authenticator() << '\n';
    const auto now = context.clock.now();
    context.out << "  registry token: "
                << (kept.token_expires_at ? in_words(*kept.token_expires_at - now) : "none") << '\n';
    context.out << "  session:        "
                << (kept.session_expires_at ? in_words(*kept.session_expires_at - now) : "none") << '\n';
  } catch (const base::Error& error) {
    context.out << "\n  " << error.what() << '\n';
  }
}

void show_status(Context& context) {
  auto& registries = context.registries;
  const auto names = registries.connections().names();
  for (const auto& warning : registries.connections().warnings())
    context.err << "Warning: " << warning << '\n';
  for (const auto& name : names) show_connection(name, context);
  if (names.empty()) context.out << "No connection is set up: snow connection add\n";
  show_places("tokens for the next push: ", *registries.stores().front, context.out);
  show_places("kept in:                  ", *registries.stores().kept, context.out);
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("status", "Show what is kept, where, and until when");
  command->callback([&context] { show_status(context); });
}

}  // namespace plugin
