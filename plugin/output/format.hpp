// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/environment.hpp"

namespace plugin::output {

/// How the result of a command is printed. The first five are the Snowflake CLI's `--format`
/// (`snowflake/PROTOCOL.md` 10.4).
enum class Format {
  table,
  json,
  json_ext,  ///< JSON in cells becomes part of the document
  csv,
  plain,  ///< a table without lines; for this program's own commands the same as `table`
  yaml,
  wide,  ///< a table with every column
  name   ///< names only, one in a line
};

/// The word of `--format`, in any case; absent for a word that names none of the first five.
std::optional<Format> parse_format(std::string_view word);

/// The word of `-o`: table, wide, name, json, yaml or csv; absent for others.
std::optional<Format> parse_output(std::string_view word);

/// For users to read, not for programs.
inline bool is_for_users(Format format) {
  return format == Format::table || format == Format::plain || format == Format::wide;
}

/// The terminal that a result is printed to, if it is one.
struct Terminal {
  bool is_terminal = false;
  std::size_t width = 80;
  bool color = false;

  /// Of standard output: COLUMNS if that is a number above 0, else the terminal's width, else 80; bold unless
  /// NO_COLOR is set.
  static Terminal of_process(const base::Environment&);
};

}  // namespace plugin::output
