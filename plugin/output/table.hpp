// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace plugin::output {

/// Whether a table has lines of `+`, `-` and `|`, or two spaces between its columns.
enum class Lines { ascii, none };

struct TableStyle {
  Lines lines = Lines::ascii;
  /// No wider than this, as far as one character for each column allows; else as wide as its contents.
  std::optional<std::size_t> width = {};
  bool bold_header = false;
  bool ends_with_empty_line = false;
};

/// Prints a table as the Snowflake CLI does, in memory that does not grow with its rows: the beginning of a
/// long one decides how wide the columns are, and what follows is printed as it comes.
class Table {
public:
  Table(std::ostream& out, std::vector<std::string> header, const TableStyle& style);

  void add(std::vector<std::string> row);
  /// Prints what is still held, and the end.
  void end();

private:
  void print_held();
  std::vector<std::size_t> fitting_widths() const;
  void print_row(const std::vector<std::string>& cells, bool is_header = false) const;
  void print_line(const char* ends, const char* between) const;

  std::ostream& out_;
  std::vector<std::string> header_;
  TableStyle style_;
  std::vector<std::vector<std::string>> held_;
  std::size_t held_cells_ = 0;
  std::size_t held_bytes_ = 0;
  bool is_streamed_ = false;
  std::vector<std::size_t> widths_;  ///< of the columns, once the header is printed
};

}  // namespace plugin::output
