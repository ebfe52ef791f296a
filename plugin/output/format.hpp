// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/environment.hpp"

namespace output {

/// What a command's result is printed as (`snowflake/PROTOCOL.md` 10.4).
enum class Format { table, json, json_ext, csv };

/// In any case; absent for a word that names none.
std::optional<Format> parse_format(std::string_view word);

/// Where a result is printed to.
struct Terminal {
  bool is_terminal = false;
  std::size_t width = 80;
  bool colour = false;

  /// Of standard output: COLUMNS, else the terminal's width, else 80; bold unless NO_COLOR is set.
  static Terminal of_process(const base::Environment&);
};

}  // namespace output
