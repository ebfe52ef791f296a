// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "names/image_reference.hpp"
#include "names/repository_names.hpp"
#include "settings_file/settings_file.hpp"

namespace plugin::cli {
namespace {

struct Candidate {
  std::string word;
  std::string description;
};

std::vector<Candidate> described(const std::vector<std::string>& words, const char* description) {
  std::vector<Candidate> candidates;
  for (const auto& word : words) candidates.push_back({word, description});
  return candidates;
}

std::vector<Candidate> command_candidates(const CLI::App& command) {
  std::vector<Candidate> candidates;
  for (const auto* subcommand :
       command.get_subcommands([](const CLI::App* candidate) { return !candidate->get_group().empty(); })) {
    candidates.push_back({subcommand->get_name(), subcommand->get_description()});
  }
  return candidates;
}

std::vector<Candidate> option_candidates(const CLI::App& command) {
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

/// Whether the value of an option is a path, which the shell completes.
bool takes_path(const std::string& option) {
  if (!option.starts_with('-')) return false;
  constexpr std::array endings = {"-file", "-path", "-dir", "-config"};
  return option == "--bundle" || option == "--project" || option == "-p" ||
         std::ranges::any_of(endings, [&](const char* ending) { return option.ends_with(ending); });
}

/// The values that a description lists: "auto, tty, plain or json", perhaps with a remark in parentheses;
/// none for a description of another form.
std::vector<std::string> listed_values(std::string_view description) {
  description = description.substr(0, description.find(" ("));
  const auto last = description.rfind(" or ");
  if (last == std::string_view::npos) return {};
  std::vector<std::string> values;
  for (const auto& value : base::split(description.substr(0, last), ','))
    values.emplace_back(base::trim(value));
  values.emplace_back(description.substr(last + 4));
  const bool are_words = std::ranges::none_of(
      values, [](const std::string& value) { return value.empty() || value.find(' ') != std::string::npos; });
  return are_words ? values : std::vector<std::string>{};
}

/// The values of options whose descriptions do not list them.
std::vector<std::string> known_values(const std::string& option) {
  static const std::map<std::string, std::vector<std::string>> all = {
      {"--format", {"TABLE", "PLAIN", "JSON", "JSON_EXT", "CSV"}},
      {"-f", {"repository=", "image=", "tag=", "digest="}},
      {"--filter", {"repository=", "image=", "tag=", "digest="}},
      {"--in", {"database", "schema"}},
      {"--authenticator",
       {"externalbrowser", "snowflake", "SNOWFLAKE_JWT", "PROGRAMMATIC_ACCESS_TOKEN", "USERNAME_PASSWORD_MFA",
        "OAUTH", "OAUTH_AUTHORIZATION_CODE", "OAUTH_CLIENT_CREDENTIALS", "WORKLOAD_IDENTITY"}},
      {"--platform", {"linux/amd64", "linux/arm64"}},
      {"--protocol", {"https", "http"}}};
  const auto found = all.find(option);
  return found == all.end() ? std::vector<std::string>{} : found->second;
}

std::vector<Candidate> connection_names(Context& context) {
  return described(context.resolver.connections().names(), "connection");
}

std::vector<Candidate> registry_hosts(Context& context) {
  return described(context.resolver.hosts(), "registry host");
}

std::vector<Candidate> values_of(const CLI::App& command, const std::string& word, Context& context) {
  if (is_connection_option(word)) return connection_names(context);
  const auto* option = command.get_option_no_throw(word);
  const auto listed =
      option == nullptr ? std::vector<std::string>{} : listed_values(option->get_description());
  return described(listed.empty() ? known_values(word) : listed, "");
}

/// The command that some words choose, and how many arguments they give it.
struct Position {
  const CLI::App* command;
  std::size_t arguments = 0;
};

Position position_after(const std::vector<std::string>& words, const CLI::App& app) {
  Position position{&app};
  for (std::size_t index = 0; index < words.size(); ++index) {
    const auto& word = words[index];
    if (word.starts_with('-')) {
      const auto* option = position.command->get_option_no_throw(word);
      if (option != nullptr && option->get_type_size() > 0)
        index += static_cast<std::size_t>(option->get_expected_min());
      // It may be in front of the command, where no option has this name.
      if (option == nullptr && is_connection_option(word)) ++index;
      continue;
    }
    const auto found = position.command->get_subcommands(
        [&](const CLI::App* command) { return command->get_name() == word; });
    if (found.empty()) {
      ++position.arguments;
    } else {
      position.command = found.front();
    }
  }
  return position;
}

/// The positional argument that comes next; null when the command has no more.
const CLI::Option* next_argument(const Position& position) {
  const auto arguments =
      position.command->get_options([](const CLI::Option* option) { return option->get_positional(); });
  if (position.arguments < arguments.size()) return arguments[position.arguments];
  const bool takes_more = !arguments.empty() && arguments.back()->get_expected_max() > 1;
  return takes_more ? arguments.back() : nullptr;
}

config::Connection connection_typed(const std::vector<std::string>& typed, Context& context) {
  config::ConnectionSelection selection;
  const auto option = std::ranges::find_if(typed, is_connection_option);
  if (option != typed.end() && option + 1 != typed.end()) selection.name = *(option + 1);
  return chosen_connection(selection, context);
}

/// Names of repositories that were listed before, those of the connection's schema also by their last part.
/// Snowflake accepts them in any case; Docker wants lower case.
std::vector<Candidate> repositories(const std::vector<std::string>& typed, const std::string& word,
                                    Context& context) {
  const auto connection = connection_typed(typed, context);
  const auto account = config::account_of(connection);
  const bool in_capitals = base::to_lower(word) != word;
  const auto schema = base::to_upper(connection.text("database") + "." + connection.text("schema") + ".");
  std::vector<Candidate> candidates;
  for (const auto& name : names::RepositoryNames{context.environment, account}.known()) {
    const auto written = in_capitals ? name : base::to_lower(name);
    candidates.push_back({written, "image repository"});
    if (!word.empty() && base::to_upper(name).starts_with(schema))
      candidates.push_back({written.substr(schema.size()), "image repository"});
  }
  return candidates;
}

std::vector<Candidate> setting_keys(Context& context) {
  std::vector<Candidate> candidates;
  for (const auto& setting : settings_file::plain_settings)
    candidates.push_back({std::string{setting.name}, "setting"});
  for (const auto& host : context.resolver.hosts()) {
    for (const auto name : settings_file::registry_settings)
      candidates.push_back({"registries." + host + "." + std::string{name}, "setting"});
  }
  return candidates;
}

std::vector<Candidate> setting_values(const std::string& key, Context& context) {
  if (key.ends_with(".connection")) return connection_names(context);
  if (key == "store") return described({"auto", "keyring", "secret-service", "none"}, "");
  if (key == "interactive") return described({"never", "terminal"}, "");
  if (key.ends_with(".through")) return described({"snow", "pat"}, "");
  return {};
}

void append(std::vector<Candidate>& to, std::vector<Candidate> more) {
  std::ranges::move(more, std::back_inserter(to));
}

/// The help text's name for an argument says what its values are.
std::vector<Candidate> argument_candidates(const CLI::Option& argument, const std::vector<std::string>& typed,
                                           const std::string& word, Context& context) {
  const auto& form = argument.get_option_text();
  const auto& description = argument.get_description();
  const auto has = [&](const char* what) { return form.find(what) != std::string::npos; };
  std::vector<Candidate> candidates;
  if (has("OBJECT_TYPE")) candidates.push_back({"image-repository", "type"});
  if (has("CONNECTION")) append(candidates, connection_names(context));
  if (has("HOST")) append(candidates, registry_hosts(context));
  if (form == "KEY") append(candidates, setting_keys(context));
  if (form == "VALUE") append(candidates, setting_values(typed.back(), context));
  const bool takes_image = description.starts_with(names::image_syntax);
  if (takes_image && word.starts_with('@')) {
    for (const auto& [name, what] : connection_names(context)) candidates.push_back({"@" + name + ":", what});
  } else if (takes_image || description == names::repository_syntax || has("REPOSITORY")) {
    append(candidates, repositories(typed, word, context));
  }
  return candidates;
}

std::vector<Candidate> candidates_for(const CLI::App& app, const std::vector<std::string>& typed,
                                      const std::string& word, Context& context) {
  const auto position = position_after(typed, app);
  if (!typed.empty() && typed.back().starts_with('-')) {
    if (typed.back() == "--host") return registry_hosts(context);
    if (typed.back() == "--repository") return repositories(typed, word, context);
    auto values = values_of(*position.command, typed.back(), context);
    if (!values.empty()) return values;
  }
  if (word.starts_with('-')) return option_candidates(*position.command);
  const auto* argument = next_argument(position);
  return argument == nullptr ? command_candidates(*position.command)
                             : argument_candidates(*argument, typed, word, context);
}

}  // namespace

void complete(const CLI::App& app, std::vector<std::string> words, Context& context) {
  const std::string word = words.empty() ? "" : words.back();
  if (!words.empty()) words.pop_back();
  if (!words.empty() && words.front() == "help") words.erase(words.begin());
  // Of cobra's directives: 0 offers files, 4 does not.
  if (!words.empty() && takes_path(words.back())) {
    context.out << ":0\n";
    return;
  }
  try {
    for (const auto& candidate : candidates_for(app, words, word, context)) {
      // A name from a file may have control characters, which no shell can complete.
      if (!candidate.word.starts_with(word) || base::has_control_characters(candidate.word)) continue;
      context.out << candidate.word << (candidate.description.empty() ? "" : "\t" + candidate.description)
                  << '\n';
    }
  } catch (const base::Error&) {
    // A broken file is a matter for the command, not for the Tab key.
  }
  context.out << ":4\n";
}

}  // namespace plugin::cli
