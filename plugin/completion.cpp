// SPDX-License-Identifier: Apache-2.0
#include "completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command_options.hpp"
#include "config/account.hpp"
#include "image_reference.hpp"
#include "repository_names.hpp"

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

bool is_connection_option(const std::string& word) {
  return word == "-c" || word == "--connection" || word == "--environment";
}

/// The value of `option` is a file, which the shell knows better.
bool takes_file(const std::string& option) { return option.ends_with("-file") || option.ends_with("-path"); }

std::vector<Candidate> values_of(const std::string& option, Context& context) {
  std::vector<Candidate> candidates;
  if (is_connection_option(option)) {
    for (const auto& name : context.resolver.connections().names())
      candidates.push_back({name, "connection"});
  }
  if (option == "--format") {
    for (const char* format : {"TABLE", "JSON", "JSON_EXT", "CSV"}) candidates.push_back({format, ""});
  }
  return candidates;
}

bool takes_repository(const CLI::App& command) {
  const auto arguments = command.get_options([](const CLI::Option* option) {
    return option->get_positional() &&
           (option->get_description() == repository_syntax || option->get_description() == image_syntax);
  });
  return !arguments.empty();
}

config::Connection connection_typed(const std::vector<std::string>& typed, Context& context) {
  config::ConnectionSelection selection;
  const auto option = std::ranges::find_if(typed, is_connection_option);
  if (option != typed.end() && option + 1 != typed.end()) selection.name = *(option + 1);
  return chosen_connection(selection, context);
}

/// Names of repositories that were listed before. Snowflake takes them in any case; Docker wants lower case.
std::vector<Candidate> repositories(const std::vector<std::string>& typed, const std::string& word,
                                    Context& context) {
  const auto account = config::account_of(connection_typed(typed, context));
  const bool in_capitals = base::to_lower(word) != word;
  std::vector<Candidate> candidates;
  for (const auto& name : RepositoryNames{context.environment, account}.known())
    candidates.push_back({in_capitals ? name : base::to_lower(name), "image repository"});
  return candidates;
}

std::vector<Candidate> candidates_for(const CLI::App& app, const std::vector<std::string>& typed,
                                      const std::string& word, Context& context) {
  if (!typed.empty() && typed.back().starts_with('-')) {
    auto values = values_of(typed.back(), context);
    if (!values.empty()) return values;
  }
  const auto& command = command_of(app, typed);
  if (word.starts_with('-')) return options_of(command);
  return takes_repository(command) ? repositories(typed, word, context) : commands_of(command);
}

}  // namespace

void complete(const CLI::App& app, const std::vector<std::string>& words, Context& context) {
  std::vector<std::string> typed = words;
  const std::string word = typed.empty() ? "" : typed.back();
  if (!typed.empty()) typed.pop_back();
  const bool files = !typed.empty() && takes_file(typed.back());
  try {
    for (const auto& candidate :
         files ? std::vector<Candidate>{} : candidates_for(app, typed, word, context)) {
      if (!candidate.word.starts_with(word)) continue;
      context.out << candidate.word << (candidate.description.empty() ? "" : "\t" + candidate.description)
                  << '\n';
    }
  } catch (const base::Error&) {
    // A broken file is a matter for the command, not for the Tab key.
  }
  // Of cobra's directives: 0 offers files, 4 does not.
  context.out << (files ? ":0" : ":4") << '\n';
}

}  // namespace plugin
