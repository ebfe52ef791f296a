// SPDX-License-Identifier: Apache-2.0
#include "completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"

namespace plugin {
namespace {

struct Candidate {
  std::string word;
  std::string description;
};

/// The command that the words lead to.
const CLI::App& command_of(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const auto& word : words) {
    const auto found =
        command->get_subcommands([&](const CLI::App* candidate) { return candidate->get_name() == word; });
    if (!found.empty()) command = found.front();
  }
  return *command;
}

std::vector<Candidate> commands_of(const CLI::App& command) {
  std::vector<Candidate> candidates;
  for (const auto* subcommand :
       command.get_subcommands([](const CLI::App* candidate) { return !candidate->get_group().empty(); })) {
    candidates.push_back({subcommand->get_name(), subcommand->get_description()});
  }
  return candidates;
}

std::vector<Candidate> options_of(const CLI::App& command) {
  std::vector<Candidate> candidates;
  for (const auto* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const auto& name : option->get_lnames())
      candidates.push_back({"--" + name, option->get_description()});
  }
  return candidates;
}

std::vector<Candidate> values_of(const std::string& option, Context& context) {
  std::vector<Candidate> candidates;
  if (option == "-c" || option == "--connection" || option == "--environment") {
    for (const auto& name : context.registries.connections().names())
      candidates.push_back({name, "connection"});
  }
  if (option == "--format") {
    for (const char* format : {"TABLE", "JSON", "JSON_EXT", "CSV"}) candidates.push_back({format, ""});
  }
  return candidates;
}

std::vector<Candidate> candidates_for(const CLI::App& app, const std::vector<std::string>& typed,
                                      const std::string& word, Context& context) {
  if (!typed.empty() && typed.back().starts_with('-')) {
    auto values = values_of(typed.back(), context);
    if (!values.empty()) return values;
  }
  const auto& command = command_of(app, typed);
  return word.starts_with('-') ? options_of(command) : commands_of(command);
}

}  // namespace

void complete(const CLI::App& app, const std::vector<std::string>& words, Context& context) {
  constexpr const char* no_files = ":4";
  std::vector<std::string> typed = words;
  const std::string word = typed.empty() ? "" : typed.back();
  if (!typed.empty()) typed.pop_back();
  try {
    for (const auto& candidate : candidates_for(app, typed, word, context)) {
      if (!candidate.word.starts_with(word)) continue;
      context.out << candidate.word << (candidate.description.empty() ? "" : "\t" + candidate.description)
                  << '\n';
    }
  } catch (const base::Error&) {
    // A broken file is a matter for the command, not for the Tab key.
  }
  context.out << no_files << '\n';
}

}  // namespace plugin
