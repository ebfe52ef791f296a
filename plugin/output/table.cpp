// SPDX-License-Identifier: Apache-2.0
#include "output/table.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

#include "base/text.hpp"
#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

constexpr std::size_t padding = 2;
/// As many are held to find out how wide the columns are.
constexpr std::size_t max_held_cells = 20'000;
constexpr std::size_t max_held_bytes = 2U << 20;
/// Of a column whose longest cell is not known yet.
constexpr std::size_t max_streamed_width = 256;

/// The width that a table needs besides its cells.
std::size_t width_between(std::size_t columns, Lines lines) {
  if (lines == Lines::ascii) return (1 + padding) * columns + 1;
  return columns == 0 ? 0 : padding * (columns - 1);
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
  for (std::size_t index = 0; index < widths.size(); ++index) {
    for (const auto& line : base::split(cells[index], '\n'))
      widths[index] = std::max(widths[index], width_of(line));
  }
}

/// Narrows the widest column, cell by cell, until all together are `available` wide.
void narrow(std::vector<std::size_t>& widths, std::size_t available) {
  auto total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  for (; total > available; --total) {
    auto& widest = *std::ranges::max_element(widths);
    if (widest <= 1) break;
    --widest;
  }
}

}  // namespace

Table::Table(std::ostream& out, std::vector<std::string> header, const TableStyle& style)
    : out_(out), header_(std::move(header)), style_(style) {
  for (auto& cell : header_) cell = clean(cell);
}

void Table::add(std::vector<std::string> row) {
  std::size_t bytes = 0;
  for (auto& cell : row) {
    cell = clean(cell);
    bytes += cell.size();
  }
  held_cells_ += row.size();
  held_bytes_ += bytes;
  if (!is_streamed_ && !held_.empty() && (held_cells_ > max_held_cells || held_bytes_ > max_held_bytes)) {
    is_streamed_ = true;
    print_held();
    held_.clear();
  }
  if (is_streamed_) return print_row(row);
  held_.push_back(std::move(row));
}

void Table::end() {
  if (!is_streamed_) print_held();
  print_line("+", "-");
  // The Snowflake CLI prints none after a long table without lines.
  const bool is_long_and_plain = is_streamed_ && style_.lines == Lines::none;
  if (style_.ends_with_empty_line && !is_long_and_plain) out_ << '\n';
}

void Table::print_held() {
  widths_ = fitting_widths();
  print_line("+", "-");
  print_row(header_, true);
  print_line("|", "+");
  for (const auto& row : held_) print_row(row);
}

std::vector<std::size_t> Table::fitting_widths() const {
  std::vector<std::size_t> widths(header_.size(), 1);
  widen(widths, header_);
  for (const auto& row : held_) widen(widths, row);
  if (style_.width) {
    const auto between = width_between(widths.size(), style_.lines);
    narrow(widths, *style_.width > between ? *style_.width - between : 0);
  } else if (is_streamed_) {
    for (auto& width : widths) width = std::min(width, max_streamed_width);
  }
  return widths;
}

void Table::print_row(const std::vector<std::string>& cells, bool is_header) const {
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 1;
  for (std::size_t index = 0; index < widths_.size(); ++index) {
    // Without a width, long cells of a streamed table stick out.
    columns.push_back(style_.width ? fold(cells[index], widths_[index]) : base::split(cells[index], '\n'));
    height = std::max(height, columns.back().size());
  }
  for (auto& lines : columns) {
    // Short cells of a header are at the bottom, unless the table is streamed.
    const bool is_at_bottom = is_header && !is_streamed_;
    lines.insert(is_at_bottom ? lines.begin() : lines.end(), height - lines.size(), std::string{});
  }
  const bool has_lines = style_.lines == Lines::ascii;
  const bool is_bold = is_header && style_.bold_header;
  for (std::size_t line = 0; line < height; ++line) {
    out_ << (has_lines ? "| " : "");
    for (std::size_t index = 0; index < widths_.size(); ++index) {
      const std::string& text = columns[index][line];
      const std::size_t space = widths_[index] - std::min(width_of(text), widths_[index]);
      if (index > 0) out_ << (has_lines ? " | " : "  ");
      out_ << (is_bold ? "\x1b[1m" : "") << text << std::string(space, ' ') << (is_bold ? "\x1b[0m" : "");
    }
    out_ << (has_lines ? " |\n" : "\n");
  }
}

void Table::print_line(const char* ends, const char* between) const {
  if (style_.lines == Lines::none) return;
  std::string line;
  for (const auto width : widths_) line += (line.empty() ? "" : between) + std::string(width + padding, '-');
  out_ << ends << line << ends << '\n';
}

}  // namespace plugin::output
