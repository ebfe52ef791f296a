// SPDX-License-Identifier: Apache-2.0
#include "output/format.hpp"

#include <unistd.h>

#include <array>

#include "base/text.hpp"
#include "ui/wrapped_text.hpp"

namespace plugin::output {
namespace {

struct NamedFormat {
  std::string_view name;
  Format format;
};

std::optional<Format> find(const auto& rows, std::string_view word) {
  for (const auto& row : rows) {
    if (base::equals_ignoring_case(row.name, word)) return row.format;
  }
  return std::nullopt;
}

std::size_t width_of_terminal() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (const auto width = ui::width_of_terminal(stream); width > 0) return width;
  }
  return 80;
}

}  // namespace

std::optional<Format> parse_format(std::string_view word) {
  constexpr std::array rows = {NamedFormat{"TABLE", Format::table}, NamedFormat{"JSON", Format::json},
                               NamedFormat{"JSON_EXT", Format::json_ext}, NamedFormat{"CSV", Format::csv},
                               NamedFormat{"PLAIN", Format::plain}};
  return find(rows, word);
}

std::optional<Format> parse_output(std::string_view word) {
  constexpr std::array rows = {NamedFormat{"table", Format::table}, NamedFormat{"wide", Format::wide},
                               NamedFormat{"name", Format::name},   NamedFormat{"json", Format::json},
                               NamedFormat{"yaml", Format::yaml},   NamedFormat{"csv", Format::csv}};
  return find(rows, word);
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
