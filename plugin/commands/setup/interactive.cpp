// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "commands/setup/setup.hpp"
#include "settings_file/settings_file.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using base::UserFile;
using settings_file::Entry;

const settings_file::Setting interactive{{}, "interactive"};

/// What docker push does at a terminal to log in again with an interactive connection.
std::string action_at_login(const config::Connection& connection) {
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER" || name == "OAUTH_AUTHORIZATION_CODE") return "open the browser";
  const bool asks = connection.secret("password").empty();
  if (name != "USERNAME_PASSWORD_MFA") return "ask for your password";
  return asks ? "ask for your password and ring your phone" : "ring your phone";
}

}  // namespace

void offer_interactive(Context& context) {
  const auto path = context.resolver.paths().settings;
  const auto file = UserFile::read(path);
  const auto text = file.text.value_or("");
  const auto entries = settings_file::entries(text, path.string());
  const bool is_answered = std::ranges::find(entries, interactive, &Entry::setting) != entries.end();
  const auto& connections = context.resolver.connections();
  const auto names = connections.names();
  const auto found = std::ranges::find_if(
      names, [&](const std::string& name) { return snowflake::is_interactive(connections.named(name)); });
  if (is_answered || found == names.end()) return;
  const auto connection = connections.named(*found);
  const auto action = action_at_login(connection);
  context.out << "When a login with " << config::display_name(connection) << " has expired, docker push can\n"
              << "  y  " << action << ", and go on once you have logged in\n"
              << "  n  fail, and say to run: " << snowflake::login_command(connection) << '\n'
              << std::flush;
  const bool yes =
      ui::confirm("Then may docker push " + action + "?", "docker snowflake config set interactive terminal");
  auto record = docker_config::UndoRecord::read(context.environment);
  try {
    record.interactive = yes ? "terminal" : "never";
    if (file.replace(settings_file::set(text, path.string(), interactive, *record.interactive))) {
      record.write();
      return context.resolver.reread();
    }
    context.err << "Warning: " << path.string() << " was changed by another program just now\n";
  } catch (const base::Error& error) {
    // The setup itself is done.
    context.err << "Warning: " << error.what() << '\n';
  }
}

void undo_interactive(const std::string& answer, Context& context) {
  UserFile::change(context.resolver.paths().settings, [&](const UserFile& file) {
    const auto text = file.text.value_or("");
    const auto entries = settings_file::entries(text, file.path.string());
    const auto entry = std::ranges::find(entries, interactive, &Entry::setting);
    if (entry == entries.end() || entry->value != answer) return true;
    const auto without = settings_file::unset(text, file.path.string(), interactive);
    const bool is_blank = base::trim(without).empty();
    if (!(is_blank ? file.remove() : file.replace(without))) return false;
    context.out << (is_blank ? "Removed " : "Removed interactive from ") << file.path.string() << '\n';
    std::error_code not_empty;
    if (is_blank) std::filesystem::remove(file.path.parent_path(), not_empty);
    return true;
  });
  context.resolver.reread();
}

}  // namespace plugin::commands::setup
