// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "output/format.hpp"
#include "output/printer.hpp"
#include "output/value.hpp"

namespace plugin::output {

/// A list in any format. For users as `docker` and `kubectl` print theirs: upper-case headers, no borders,
/// one line per row. On a terminal that is too narrow, some columns are left out; then a cell that is wider
/// than its column goes on the next line, since what is cut cannot be copied. In a pipe nothing changes.
class List {
public:
  struct Column {
    std::string header;
    bool wide_only = false;  ///< shown with `-o wide`
    bool may_be_narrowed = true;
    bool may_be_left_out = false;  ///< the last such column first
    std::string name = {};         ///< for programs; if empty, the header in lower case
  };

  explicit List(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column; the first one is the name of the row.
  void add(Row cells);
  /// The same for cells that are text in every format.
  void add(const std::vector<std::string>& cells);
  /// Prints each row as a template says: `{{.Repository}} {{.Tag}}` has the cells of the columns with those
  /// headers, whatever their case, `{{json .}}` all of them as an object, `\t` and `\n` are a tab and a line
  /// end. With `table ` in front the columns are aligned below their headers
  /// (https://docs.docker.com/engine/cli/formatting/). Throws `usage` for anything else between braces.
  void print_by(const std::string& row_template, std::ostream& out) const;
  /// `name` prints the first cells only; formats for programs have every column.
  void print(std::ostream& out, Format format, const Terminal& terminal) const;

private:
  void print_for_programs(std::ostream& out, Format format) const;
  std::vector<std::size_t> widths_of(const std::vector<std::size_t>& shown) const;
  /// Leaves out columns, and narrows the others, until a line fits.
  void fit(std::vector<std::size_t>& shown, std::vector<std::size_t>& widths, std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// What is known about one thing, for users: a line for each field that has a value, "User:  JANE".
void print_card(std::ostream& out, const Fields&);

}  // namespace plugin::output
