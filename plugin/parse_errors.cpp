// SPDX-License-Identifier: Apache-2.0
#include "parse_errors.hpp"

#include <CLI/CLI.hpp>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace plugin {
namespace {

/// The command whose words these were.
const CLI::App& deepest(const CLI::App& app) {
  const CLI::App* current = &app;
  while (!current->get_subcommands().empty()) current = current->get_subcommands().front();
  return *current;
}

std::string words_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : words_of(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> commands_of(const CLI::App& group) {
  std::vector<std::string> names;
  for (const auto* command : group.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

base::Error error_of_extra(const CLI::App& command, std::string word) {
  const std::string help = words_of(command) + " --help";
  const auto hint = [&](const std::string& meant) {
    return meant.empty() ? help : "did you mean " + meant + "? " + help;
  };
  if (word.starts_with('-')) {
    word = word.substr(0, word.find('='));
    return {base::Kind::usage, "No such option: " + base::printable(word, 100),
            hint(base::nearest(word, options_of(command)))};
  }
  const auto commands = commands_of(command);
  if (!commands.empty()) {
    return {base::Kind::usage, "No such command '" + base::printable(word, 100) + "'.",
            hint(base::nearest(word, commands))};
  }
  return {base::Kind::usage, "Got unexpected extra argument (" + base::printable(word, 100) + ")", help};
}

/// The argument that a command cannot do without, by its name in the help text.
std::string missing_argument(const CLI::App& command) {
  for (const auto* option : command.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    if (option->get_positional()) return "Missing argument '" + option->get_option_text() + "'.";
    std::vector<std::string> names;
    for (const auto& name : option->get_lnames()) names.push_back("'--" + name + "'");
    for (const auto& name : option->get_snames()) names.push_back("'-" + name + "'");
    return "Missing option " + base::join(names, " / ") + ".";
  }
  return {};
}

}  // namespace

base::Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto& command = deepest(app);
  const auto extras = app.remaining(true);
  if (!extras.empty()) return error_of_extra(command, extras.front());
  const std::string missing = missing_argument(command);
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !missing.empty();
  return {base::Kind::usage, lacks ? missing : base::printable(error.what(), 300),
          words_of(command) + " --help"};
}

}  // namespace plugin
