// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "output/format.hpp"
#include "output/printer.hpp"
#include "output/value.hpp"

namespace plugin::output {

/// A list for users, as `docker` and `kubectl` print theirs: upper-case headers, no borders, one line per
/// row. On a terminal that is too narrow the widest cells are shortened in the middle; in a pipe they are
/// not.
class List {
public:
  struct Column {
    std::string header;
    bool wide_only = false;  ///< shown with `-o wide`
    bool may_be_shortened = true;
  };

  explicit List(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column; the first one is the name of the row.
  void add(std::vector<std::string> cells);
  bool empty() const noexcept { return rows_.empty(); }
  /// Prints each row as a template says: `{{.Repository}} {{.Tag}}` has the cells of the columns with those
  /// headers, whatever their case, `{{json .}}` all of them as an object, `\t` and `\n` are a tab and a line
  /// end. With `table ` in front the columns are aligned below their headers
  /// (https://docs.docker.com/engine/cli/formatting/). Throws `usage` for anything else between braces.
  void print_by(const std::string& row_template, std::ostream& out) const;
  /// `table`, `wide`, or `name`: the first cells only.
  void print(std::ostream& out, Format format, const Terminal& terminal) const;

private:
  std::vector<std::size_t> widths_within(const Terminal& terminal,
                                         const std::vector<std::size_t>& shown) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// What is known of one thing, for users: one line for each field that has a value, "User:  JANE".
void print_card(std::ostream& out, const Fields&);

}  // namespace plugin::output
