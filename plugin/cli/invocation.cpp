// SPDX-License-Identifier: Apache-2.0
#include "cli/invocation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace plugin::cli {
namespace {

constexpr std::string_view plugin_word = "snowflake";

/// Docker's own options that take a value, long and short.
constexpr std::array<std::string_view, 7> long_with_value = {
    "--config", "--log-level", "--tlscacert", "--tlscert", "--tlskey", "--host", "--context"};
constexpr std::string_view short_with_value = "lHc";
/// Those that choose a configuration directory or an engine.
constexpr std::array<std::string_view, 8> long_that_choose = {
    "--config", "--context", "--host", "--tls", "--tlsverify", "--tlscacert", "--tlscert", "--tlskey"};
constexpr std::string_view short_that_choose = "Hc";

bool contains(const auto& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

/// Of short options in one word, the letter that has a value; `-DHunix:///s` is -D and -H unix:///s.
std::size_t value_letter(std::string_view word) { return word.find_first_of(short_with_value, 1); }

/// The number of words of the option at `position`: 2 with a value of its own.
std::size_t length_of_option(const std::vector<std::string>& arguments, std::size_t position) {
  const std::string_view option = arguments[position];
  bool is_value_next = false;
  if (option.starts_with("--")) {
    is_value_next = contains(long_with_value, option);
  } else if (option.starts_with('-')) {
    is_value_next = value_letter(option) == option.size() - 1;
  }
  return is_value_next && position + 1 < arguments.size() ? 2 : 1;
}

bool chooses_engine_or_config(std::string_view option) {
  if (option.starts_with("--")) return contains(long_that_choose, option.substr(0, option.find('=')));
  const auto letter = value_letter(option);
  return option.starts_with('-') && letter != std::string_view::npos &&
         short_that_choose.find(option[letter]) != std::string_view::npos;
}

/// Where the word "snowflake" follows nothing but Docker's options and "help".
std::optional<std::size_t> find_plugin_word(const std::vector<std::string>& arguments) {
  std::size_t position = 0;
  while (position < arguments.size()) {
    const std::string_view word = arguments[position];
    if (word == plugin_word) return position;
    if (word != "help" && (word.empty() || word.front() != '-')) return std::nullopt;
    position += length_of_option(arguments, position);
  }
  return std::nullopt;
}

/// Words that are replaced before parsing, because nothing else can be meant.
struct Alias {
  std::string_view word;
  std::string_view meaning;
};
constexpr std::array aliases = {Alias{"repo", "repositories"}, Alias{"repos", "repositories"},
                                Alias{"repository", "repositories"}, Alias{"version", "--version"}};

/// Only options that choose a connection are expected before the word.
void replace_alias(std::vector<std::string>& words) {
  auto word = words.begin();
  while (word != words.end() && word->starts_with('-'))
    word += std::max<std::ptrdiff_t>(1, length_of_connection({word, words.end()}));
  if (word == words.end()) return;
  const auto* found = std::ranges::find(aliases, *word, &Alias::word);
  if (found != aliases.end()) *word = found->meaning;
}

}  // namespace

std::ptrdiff_t length_of_connection(std::span<const std::string> words) {
  const std::string_view first = words.front();
  if (first.starts_with("--connection=")) return 1;
  return (first == "-c" || first == "--connection") && words.size() > 1 ? 2 : 0;
}

Invocation parse_invocation(const std::vector<std::string>& arguments) {
  // For a shell that completes words Docker puts one in front of what was typed.
  if (!arguments.empty() && arguments.front().starts_with("__complete")) {
    auto completed = parse_invocation({arguments.begin() + 1, arguments.end()});
    completed.words.insert(completed.words.begin(), arguments.front());
    return completed;
  }
  Invocation invocation;
  const auto plugin_position = find_plugin_word(arguments);
  invocation.by_docker = plugin_position.has_value();
  bool help = false;
  for (std::size_t position = 0; position < plugin_position.value_or(0);) {
    const std::string_view word = arguments[position];
    const std::size_t length = length_of_option(arguments, position);
    if (word == "help" || word == "--help" || word == "-h") help = true;
    if (word == "-D" || word == "--debug" || word == "--debug=true") invocation.debug = true;
    if (word == "--config" && length == 2) invocation.docker_config = arguments[position + 1];
    if (word.starts_with("--config="))
      invocation.docker_config = word.substr(std::string_view{"--config="}.size());
    if (chooses_engine_or_config(word)) {
      const auto option = arguments.begin() + static_cast<std::ptrdiff_t>(position);
      invocation.docker_options.insert(invocation.docker_options.end(), option,
                                       option + static_cast<std::ptrdiff_t>(length));
    }
    position += length;
  }
  const auto first = plugin_position ? *plugin_position + 1 : 0;
  invocation.words.assign(arguments.begin() + static_cast<std::ptrdiff_t>(first), arguments.end());
  if (!invocation.words.empty() && invocation.words.front() == "help") {
    invocation.words.erase(invocation.words.begin());
    help = true;
  }
  replace_alias(invocation.words);
  if (help) invocation.words.emplace_back("--help");
  return invocation;
}

}  // namespace plugin::cli
