// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"

namespace plugin::cli {
namespace {

/// The command that the words led to.
const CLI::App& deepest(const CLI::App& app) {
  const CLI::App* current = &app;
  while (!current->get_subcommands().empty()) current = current->get_subcommands().front();
  return *current;
}

std::string words_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : words_of(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> long_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool is_group(const CLI::App& command) { return !command.get_subcommands(nullptr).empty(); }

std::vector<std::string> visible_commands(const CLI::App& group) {
  std::vector<std::string> names;
  for (const auto* command : group.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

constexpr std::string_view single_images =
    "Snowflake cannot delete single images: docker snowflake du shows what can be freed, and "
    "docker snowflake image-repository drop <repository> deletes a repository with all its images";
constexpr std::string_view removed_connection =
    "remove its section from the file that docker snowflake connection list -o wide names";

/// Command names of other tools, and the commands that do the same here.
struct Synonym {
  std::string_view group;  ///< empty for the top level
  std::string_view word;
  std::string_view command;        ///< empty where none does the same
  std::string_view sentence = {};  ///< what to do there instead
};
constexpr std::array synonyms = {
    Synonym{"", "ls", "docker snowflake repositories, or docker snowflake images"},
    Synonym{"", "list", "docker snowflake repositories, or docker snowflake images"},
    Synonym{"", "image", "docker snowflake images"},
    Synonym{"", "tags", "docker snowflake images"},
    Synonym{"", "inspect", "docker snowflake images"},
    Synonym{"", "search", "docker snowflake images"},
    Synonym{"", "registry", "docker snowflake image-registry"},
    Synonym{"", "image-repo", "docker snowflake image-repository"},
    Synonym{"", "cp", "docker snowflake copy"},
    Synonym{"", "info", "docker snowflake status"},
    Synonym{"", "init", "docker snowflake setup"},
    Synonym{"", "install", "docker snowflake setup"},
    Synonym{"", "k8s", "docker snowflake kubernetes"},
    Synonym{"", "kube", "docker snowflake kubernetes"},
    Synonym{"", "proxy", "docker snowflake serve"},
    Synonym{"", "prune", "docker snowflake du"},
    Synonym{"", "system", "docker snowflake du"},
    Synonym{"", "rm", "", single_images},
    Synonym{"", "rmi", "", single_images},
    Synonym{"", "delete", "", single_images},
    Synonym{"", "drop", "docker snowflake image-repository drop <repository>"},
    Synonym{"", "create", "docker snowflake image-repository create <repository>"},
    Synonym{"", "auth", "docker snowflake login"},
    Synonym{"", "signin", "docker snowflake login"},
    Synonym{"", "sign-in", "docker snowflake login"},
    Synonym{"", "connections", "docker snowflake connection list"},
    Synonym{"config", "get", "docker snowflake config"},
    Synonym{"config", "list", "docker snowflake config"},
    Synonym{"config", "ls", "docker snowflake config"},
    Synonym{"config", "show", "docker snowflake config"},
    Synonym{"connection", "ls", "docker snowflake connection list"},
    Synonym{"connection", "show", "docker snowflake connection list"},
    Synonym{"connection", "set-default", "docker snowflake connection use"},
    Synonym{"connection", "rm", "", removed_connection},
    Synonym{"connection", "remove", "", removed_connection},
    Synonym{"connection", "delete", "", removed_connection},
    Synonym{"image-repository", "ls", "docker snowflake image-repository list"},
    Synonym{"image-repository", "rm", "docker snowflake image-repository drop <repository>"},
    Synonym{"image-repository", "delete", "docker snowflake image-repository drop <repository>"},
    Synonym{"image-repository", "images", "docker snowflake image-repository list-images <repository>"},
    Synonym{"kubernetes", "secret", "docker snowflake kubernetes pull-secret"},
    Synonym{"repositories", "ls", "docker snowflake repositories"},
    Synonym{"repositories", "list", "docker snowflake repositories"},
    Synonym{"repositories", "create", "docker snowflake image-repository create <repository>"},
    Synonym{"repositories", "drop", "docker snowflake image-repository drop <repository>"},
    Synonym{"repositories", "url", "docker snowflake url <repository>"},
};

std::string did_you_mean(const std::string& command, const CLI::App& group) {
  return "did you mean " + command + "? All commands: " + words_of(group) + " --help";
}

/// What users of other tools mean by a word after a command or group; empty for a word that none has.
std::string instead_of_synonym(const CLI::App& command, const std::string& word) {
  const std::string name = command.get_parent() == nullptr ? "" : command.get_name();
  for (const auto& synonym : synonyms) {
    if (synonym.group != name || synonym.word != word) continue;
    return synonym.command.empty() ? std::string{synonym.sentence}
                                   : did_you_mean(std::string{synonym.command}, command);
  }
  return {};
}

/// The next step after a command that does not exist: the closest one that does, if any is similar.
std::string instead_of_command(const CLI::App& app, const CLI::App& group, const std::string& word) {
  // `snow spcs image-registry login`, `docker image push`: the words after it are a command.
  const auto& command = deepest(app);
  const bool is_of_snow = word == "snow" || word == "spcs";
  if (&command != &group && (is_of_snow || word == "image"))
    return "leave out '" + word + "': " + words_of(command);
  if (is_of_snow) return "leave out '" + word + "': " + words_of(group) + " --help";
  if (auto step = instead_of_synonym(group, word); !step.empty()) return step;
  const auto near = base::nearest(base::to_lower(word), visible_commands(group));
  return near.empty() ? words_of(group) + " --help" : did_you_mean(words_of(group) + " " + near, group);
}

/// The first command on the way to `deepest(app)` that was given a word it does not know.
const CLI::App& owner_of_extra(const CLI::App& app) {
  const CLI::App* current = &app;
  while (current->remaining(false).empty() && !current->get_subcommands().empty())
    current = current->get_subcommands().front();
  return *current;
}

base::Error error_of_option(const CLI::App& app, const CLI::App& owner, const std::string& option) {
  const auto& command = deepest(app);
  const std::string what = "No such option: " + base::printable(option, 100);
  if (&owner != &command && command.get_option_no_throw(option) != nullptr)
    return {base::Kind::usage, what, "write it after the command: " + words_of(command) + " " + option};
  const std::string help = words_of(owner) + " --help";
  // Only long options: a single letter is equally similar to every other one.
  const auto meant = option.starts_with("--") ? base::nearest(option, long_options(owner)) : "";
  return {base::Kind::usage, what, meant.empty() ? help : "did you mean " + meant + "? All options: " + help};
}

/// The command or group of that name in a group; null for none.
const CLI::App* command_named(const CLI::App& group, const std::string& word) {
  const auto found =
      group.get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
  return found.empty() ? nullptr : found.front();
}

bool takes_arguments(const CLI::App& command) {
  return !command.get_options([](const CLI::Option* option) { return option->get_positional(); }).empty();
}

/// The next step after an argument that a command does not take: the option that was probably meant.
std::string instead_of_argument(const CLI::App& command, const std::string& word) {
  const std::string words = words_of(command);
  const auto has = [&](const char* option) { return command.get_option_no_throw(option) != nullptr; };
  if (auto step = instead_of_synonym(command, word); !step.empty()) return step;
  const bool is_shown = base::printable(word, 100) == word && word.find_first_of(" \"'$`\\") == word.npos;
  if (takes_arguments(command) || !is_shown) return words + " --help";
  const bool is_name = word.find_first_of("./:") == std::string::npos;
  if (has("--in") && is_name) return words + " --in database " + word + " looks in that database";
  if (has("--in") && std::ranges::count(word, '.') == 1)
    return words + " --in schema " + word + " looks in that schema";
  if (has("--host") && !is_name) return words + " --host " + word + " is for that registry alone";
  if (has("--connection") && is_name) return words + " --connection " + word + " uses that connection";
  return words + " --help";
}

base::Error error_of_extra(const CLI::App& app) {
  const auto& owner = owner_of_extra(app);
  const std::string word = owner.remaining(false).front();
  if (word.starts_with('-')) return error_of_option(app, owner, word.substr(0, word.find('=')));
  // A command that exists was given after another.
  const bool is_late = !owner.get_subcommands().empty() && command_named(owner, word) != nullptr;
  if (!is_group(owner) || is_late)
    return {base::Kind::usage, "Got unexpected extra argument (" + base::printable(word, 100) + ")",
            is_late ? words_of(deepest(app)) + " --help" : instead_of_argument(deepest(app), word)};
  return {base::Kind::usage, "No such command '" + base::printable(word, 100) + "'.",
          instead_of_command(app, owner, word)};
}

/// The required argument or option that is missing, by its name in the help text.
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

/// A connection that is chosen before the command is moved after it, where each command has the option.
void move_connection_behind_command(const CLI::App& app, std::vector<std::string>& words) {
  const CLI::App* group = &app;
  std::vector<std::string> chosen;
  for (auto word = words.begin(); word != words.end();) {
    const auto length = length_of_connection({word, words.end()});
    if (length > 0) {
      chosen.insert(chosen.end(), word, word + length);
      word = words.erase(word, word + length);
      continue;
    }
    const auto* found = command_named(*group, *word);
    if (found == nullptr || !is_group(*found)) break;
    group = found;
    ++word;
  }
  words.insert(std::find(words.begin(), words.end(), "--"), chosen.begin(), chosen.end());
}

/// Refuses a "++", and a "--" in front of the command. CLI11 would silently end a command at "++", and take
/// every word after a "--" for an argument, even the command.
void refuse_terminators(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const auto& word = words[index];
    const bool is_value = index > 0 && words[index - 1].starts_with('-') && words[index - 1] != "--";
    const bool is_early = word == "--" && is_group(*command);
    if ((word == "++" && !is_value) || is_early)
      throw base::Error(base::Kind::usage, "Got unexpected extra argument (" + word + ")",
                        is_early ? "write -- after the command" : app.get_name() + " --help");
    if (word == "--") return;
    if (const auto* next = is_value ? nullptr : command_named(*command, word)) command = next;
  }
}

/// The option that ends the command line, or is followed by another option, though it needs a value.
std::string option_without_value(const CLI::App& command, const std::vector<std::string>& words) {
  for (std::size_t index = 0; index < words.size(); ++index) {
    const auto* option = words[index].starts_with('-') ? command.get_option_no_throw(words[index]) : nullptr;
    const bool is_last = index + 1 == words.size() || words[index + 1].starts_with('-');
    if (option != nullptr && option->get_items_expected_min() == 1 && is_last) return words[index];
  }
  return {};
}

/// What is wrong with a command line, with the option or command that was probably meant.
base::Error usage_error(const CLI::App& app, const CLI::ParseError& error,
                        const std::vector<std::string>& words) {
  const auto& command = deepest(app);
  if (!app.remaining(true).empty()) return error_of_extra(app);
  const std::string missing = missing_argument(command);
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !missing.empty();
  const std::string option = option_without_value(command, words);
  const bool is_empty = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && !option.empty();
  const std::string sentence =
      is_empty ? "Option '" + option + "' requires an argument." : base::printable(error.what(), 300);
  return {base::Kind::usage, lacks ? missing : sentence, words_of(command) + " --help"};
}

}  // namespace

void parse(CLI::App& app, std::vector<std::string> words) {
  refuse_terminators(app, words);
  move_connection_behind_command(app, words);
  const auto given = words;
  // CLI11 expects the last one first.
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::Success&) {
    // Help or the version was asked for, but perhaps of a command that does not exist.
    if (!app.remaining(true).empty()) throw error_of_extra(app);
    throw;
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error, given);
  }
}

}  // namespace plugin::cli
