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

/// The width that a table needs besides its cells.
std::size_t width_between(std::size_t columns, Lines lines) {
  if (lines == Lines::ascii) return (1 + padding) * columns + 1;
  return columns == 0 ? 0 : padding * (columns - 1);
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
  for (std::size_t index = 0; index < widths.size(); ++index) {
    for (const auto& line : base::split(cells[index], '\n')) {
      widths[index] = std::max(widths[index], width_of(line));
    }
  }
}

/// Narrows the widest column, cell by cell, until all together are `available` wide.
std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t available) {
  auto total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  for (; total > available; --total) {
    auto& widest = *std::ranges::max_element(widths);
    if (widest <= 1) break;
    --widest;
  }
  return widths;
}

}  // namespace

void print_line(std::ostream& out, const std::vector<std::size_t>& widths, Lines lines) {
  if (lines == Lines::none) return;
  const std::size_t inside = std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
                             widths.size() * padding + (widths.empty() ? 0 : widths.size() - 1);
  out << '+' << std::string(inside, '-') << "+\n";
}

void print_rule(std::ostream& out, const std::vector<std::size_t>& widths, Lines lines) {
  if (lines == Lines::none) return;
  std::string rule;
  for (const auto width : widths) rule += (rule.empty() ? "|" : "+") + std::string(width + padding, '-');
  out << rule << "|\n";
}

void print_row(std::ostream& out, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths, const RowStyle& style) {
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 1;
  for (std::size_t index = 0; index < widths.size(); ++index) {
    columns.push_back(style.folded ? fold(cells[index], widths[index]) : base::split(cells[index], '\n'));
    height = std::max(height, columns.back().size());
  }
  for (auto& lines : columns) {
    const auto missing = height - lines.size();
    lines.insert(style.at_bottom ? lines.begin() : lines.end(), missing, std::string{});
  }
  for (std::size_t line = 0; line < height; ++line) {
    const bool has_lines = style.lines == Lines::ascii;
    out << (has_lines ? "| " : "");
    for (std::size_t index = 0; index < widths.size(); ++index) {
      const std::string& text = columns[index][line];
      const std::size_t space = widths[index] - std::min(width_of(text), widths[index]);
      if (index > 0) out << (has_lines ? " | " : "  ");
      out << (style.bold ? "\x1b[1m" : "") << text << std::string(space, ' ')
          << (style.bold ? "\x1b[0m" : "");
    }
    out << (has_lines ? " |\n" : "\n");
  }
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths(header_.size(), 1);
  widen(widths, header_);
  for (const auto& row : rows_) widen(widths, row);
  return widths;
}

void Table::print(std::ostream& out, const std::vector<std::size_t>& widths, bool bold) const {
  print_line(out, widths, lines_);
  print_row(out, header_, widths, {.lines = lines_, .bold = bold, .at_bottom = true});
  print_rule(out, widths, lines_);
  for (const auto& row : rows_) print_row(out, row, widths, {.lines = lines_});
  print_line(out, widths, lines_);
}

void Table::print(std::ostream& out, bool bold) const { print(out, widths(), bold); }

std::vector<std::size_t> Table::widths_within(std::size_t width) const {
  const std::size_t taken = width_between(header_.size(), lines_);
  return fit(widths(), width > taken ? width - taken : 0);
}

void Table::print_within(std::ostream& out, std::size_t width, bool bold) const {
  print(out, widths_within(width), bold);
}

}  // namespace plugin::output
