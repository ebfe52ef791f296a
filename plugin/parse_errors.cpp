// SPDX-License-Identifier: Apache-2.0
#include "parse_errors.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <numeric>

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

/// How many letters have to be changed, added or removed (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const auto difference = distance(word, candidate);
    if (difference < least) {
      least = difference;
      best = candidate;
    }
  }
  return best;
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
            hint(nearest(word, options_of(command)))};
  }
  const auto commands = commands_of(command);
  if (!commands.empty()) {
    return {base::Kind::usage, "No such command '" + base::printable(word, 100) + "'.",
            hint(nearest(word, commands))};
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
