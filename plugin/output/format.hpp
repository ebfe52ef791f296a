// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/error.hpp"

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

/// The value of `--format`, one of the first five in any case. Throws `usage` in the words of the Snowflake
/// CLI.
Format parse_format(std::string_view word);

/// The value of `--output`: table, wide, name, json, yaml or csv. Throws `usage`.
Format parse_output(std::string_view word);

/// The error of an option with another value than those in `allowed`, in the words of the Snowflake CLI.
base::Error not_one_of(const std::string& allowed, const std::string& option, std::string_view value);

/// A table, for users to read.
inline bool is_for_users(Format format) {
  return format == Format::table || format == Format::plain || format == Format::wide;
}
/// JSON, YAML or CSV.
inline bool is_for_programs(Format format) { return !is_for_users(format) && format != Format::name; }

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
