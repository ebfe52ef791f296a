// SPDX-License-Identifier: Apache-2.0
#include "output/format.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "ui/wrapped_text.hpp"

namespace plugin::output {
namespace {

struct NamedFormat {
  std::string_view name;
  Format format;
};

/// `allowed`: the names as the error lists them.
Format find(std::string_view word, std::span<const NamedFormat> formats, const std::string& option,
            const std::string& allowed) {
  const auto found = std::ranges::find_if(
      formats, [&](const auto& format) { return base::equals_ignoring_case(format.name, word); });
  if (found != formats.end()) return found->format;
  throw not_one_of(allowed, option, word);
}

std::size_t width_of_terminal() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (const auto width = ui::width_of_terminal(stream); width > 0) return width;
  }
  return 80;
}

}  // namespace

base::Error not_one_of(const std::string& allowed, const std::string& option, std::string_view value) {
  return {base::Kind::usage,
          "Invalid value for '" + option + "': '" + base::printable(value, 100) + "' is not one of " +
              allowed + ".",
          "choose one of them"};
}

Format parse_format(std::string_view word) {
  constexpr std::array formats = {NamedFormat{"TABLE", Format::table}, NamedFormat{"JSON", Format::json},
                                  NamedFormat{"JSON_EXT", Format::json_ext}, NamedFormat{"CSV", Format::csv},
                                  NamedFormat{"PLAIN", Format::plain}};
  return find(word, formats, "--format", "'TABLE', 'JSON', 'JSON_EXT', 'CSV', 'PLAIN'");
}

Format parse_output(std::string_view word) {
  constexpr std::array formats = {NamedFormat{"table", Format::table}, NamedFormat{"wide", Format::wide},
                                  NamedFormat{"name", Format::name},   NamedFormat{"json", Format::json},
                                  NamedFormat{"yaml", Format::yaml},   NamedFormat{"csv", Format::csv}};
  return find(word, formats, "--output", "table, wide, name, json, yaml, csv");
}

Terminal Terminal::of_process(const base::Environment& environment) {
  Terminal terminal;
  terminal.is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.width = width_of_terminal();
  const auto columns = base::whole_number(environment.get("COLUMNS").value_or(""));
  if (columns && *columns > 0) terminal.width = static_cast<std::size_t>(*columns);
  terminal.color =
      terminal.is_terminal && !environment.non_empty("NO_COLOR") && environment.get("TERM") != "dumb";
  return terminal;
}

}  // namespace plugin::output
