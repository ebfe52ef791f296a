// SPDX-License-Identifier: Apache-2.0
#include "cli/hooks.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/json.hpp"
#include "docker/registry.hpp"

namespace plugin::cli {
namespace {

constexpr std::string_view reference_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@";

/// The first image reference in `text` whose host is a Snowflake registry; empty when there is none. It holds
/// nothing that Docker's templates or a shell would read as more than a word.
std::string snowflake_reference_in(std::string_view text) {
  while (!text.empty()) {
    const auto begin = std::min(text.find_first_of(reference_characters), text.size());
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_not_of(reference_characters), text.size());
    auto word = text.substr(0, end);
    text.remove_prefix(end);
    if (const auto scheme = word.find("://"); scheme != std::string_view::npos)
      word.remove_prefix(scheme + 3);
    while (word.ends_with(':') || word.ends_with('.')) word.remove_suffix(1);
    if (docker::RegistryHost::parse(word.substr(0, word.find('/')))) return std::string{word};
  }
  return {};
}

}  // namespace

std::string answer_hook(const std::string& request, const std::string& caller) {
  const auto json = base::parse_json(request);
  if (!json) return {};
  const auto error = base::text_at(*json, "CommandError").value_or("");
  if (error.empty()) return {};
  // "unauthorized: authentication required" names no registry; the command line does.
  const auto named = snowflake_reference_in(caller);
  if (named.empty() && snowflake_reference_in(error).empty()) return {};
  const std::string reference = named.empty() ? "" : " " + named;
  return base::OrderedJson{
      {"Type", 0},
      {"Template", "This failed at a Snowflake registry.\n  docker snowflake doctor" + reference +
                       "   finds the cause\n  docker snowflake login   logs in again"}}
      .dump();
}

std::string command_line_of_caller() {
  constexpr std::size_t max_bytes = 1U << 20;
  try {
    auto text = base::read_file("/proc/" + std::to_string(getppid()) + "/cmdline", max_bytes).value_or("");
    std::ranges::replace(text, '\0', ' ');
    return text;
  } catch (const base::Error&) {
    return {};
  }
}

}  // namespace plugin::cli
