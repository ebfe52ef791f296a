// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace plugin::output {

/// Whether a table has lines of `+`, `-` and `|`, or two spaces between its columns.
enum class Lines { ascii, none };

/// A table of cells that are fit for a terminal (`terminal_text.hpp`), drawn as the Snowflake CLI does.
class Table {
public:
  explicit Table(std::vector<std::string> header, Lines lines = Lines::ascii)
      : header_(std::move(header)), lines_(lines) {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void forget_rows() { rows_.clear(); }
  const std::vector<std::string>& header() const noexcept { return header_; }
  const std::vector<std::vector<std::string>>& rows() const noexcept { return rows_; }

  /// As wide as its contents.
  void print(std::ostream& out, bool bold) const;
  /// No wider than `width`, as far as one character for each column allows.
  void print_within(std::ostream& out, std::size_t width, bool bold) const;

  /// How wide each column must be for header and rows.
  std::vector<std::size_t> widths() const;
  /// The same, narrowed to what a table of that width has room for.
  std::vector<std::size_t> widths_within(std::size_t width) const;

private:
  void print(std::ostream& out, const std::vector<std::size_t>& widths, bool bold) const;

  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
  Lines lines_;
};

/// The parts of a table, for one that is too long to be held in memory: the line above and below it, and the
/// one below the header. Without lines they print nothing.
void print_line(std::ostream& out, const std::vector<std::size_t>& widths, Lines lines);
void print_rule(std::ostream& out, const std::vector<std::size_t>& widths, Lines lines);
struct RowStyle {
  Lines lines = Lines::ascii;
  /// Break cells to the width of their columns; otherwise they stick out.
  bool folded = true;
  bool bold = false;
  /// Cells with fewer lines than others are at the bottom of the row, not at the top.
  bool at_bottom = false;
};
void print_row(std::ostream& out, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths, const RowStyle& style);

}  // namespace plugin::output
