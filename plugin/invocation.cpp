// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace plugin {
namespace {

constexpr std::string_view plugin_word = "snowflake";

/// Docker's own options that take a value, long and short.
constexpr std::array<std::string_view, 7> long_with_value = {
    "--config", "--log-level", "--tlscacert", "--tlscert", "--tlskey", "--host", "--context"};
constexpr std::string_view short_with_value = "lHc";

bool contains(const auto& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

/// How many words the option at `position` takes up.
std::size_t length_of_option(const std::vector<std::string>& arguments, std::size_t position) {
  const std::string_view option = arguments[position];
  const bool has_value_in_it = option.find('=') != std::string_view::npos;
  const bool long_option = option.starts_with("--");
  const bool takes_value =
      long_option ? contains(long_with_value, option)
                  : option.size() == 2 && short_with_value.find(option[1]) != std::string_view::npos;
  return takes_value && !has_value_in_it && position + 1 < arguments.size() ? 2 : 1;
}

/// Where the word "snowflake" stands behind nothing but Docker's options and "help".
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

}  // namespace

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
    position += length;
  }
  const auto first = plugin_position ? *plugin_position + 1 : 0;
  invocation.words.assign(arguments.begin() + static_cast<std::ptrdiff_t>(first), arguments.end());
  if (!invocation.words.empty() && invocation.words.front() == "help") {
    invocation.words.erase(invocation.words.begin());
    help = true;
  }
  if (help) invocation.words.emplace_back("--help");
  return invocation;
}

}  // namespace plugin
