// SPDX-License-Identifier: Apache-2.0
#include "output/list.hpp"

#include <algorithm>
#include <ostream>

#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

constexpr std::size_t gap = 3;
/// Less of a cell is no use to anybody.
constexpr std::size_t min_width = 12;

/// Cells are one line each.
std::string one_line(const std::string& text) {
  std::string line = clean(text);
  std::ranges::replace(line, '\n', ' ');
  return line;
}

std::string padded(const std::string& text, std::size_t width) {
  const auto used = width_of(text);
  return text + std::string(used < width ? width - used : 0, ' ');
}

}  // namespace

void List::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> List::widths_within(const Terminal& terminal,
                                             const std::vector<std::size_t>& shown) const {
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (const auto column : shown) {
    std::size_t width = width_of(columns_[column].header);
    for (const auto& row : rows_) width = std::max(width, width_of(row[column]));
    widths.push_back(width);
    total += width + gap;
  }
  if (!terminal.is_terminal) return widths;
  const auto room = [&](std::size_t index) {
    const bool fixed = !columns_[shown[index]].may_be_shortened || widths[index] <= min_width;
    return fixed ? std::size_t{0} : widths[index];
  };
  while (total > terminal.width + gap) {
    std::size_t widest = 0;
    for (std::size_t index = 1; index < widths.size(); ++index) {
      if (room(index) > room(widest)) widest = index;
    }
    if (room(widest) == 0) break;
    --widths[widest];
    --total;
  }
  return widths;
}

void List::print(std::ostream& out, Format format, const Terminal& terminal) const {
  if (format == Format::name) {
    for (const auto& row : rows_) out << row.front() << '\n';
    return;
  }
  std::vector<std::size_t> shown;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    if (format == Format::wide || !columns_[index].wide_only) shown.push_back(index);
  }
  const auto widths = widths_within(terminal, shown);
  const auto print_line = [&](auto&& cell_of, bool bold) {
    std::string line;
    for (std::size_t index = 0; index < shown.size(); ++index) {
      const auto cell = shortened(cell_of(shown[index]), widths[index]);
      line += index + 1 == shown.size() ? cell : padded(cell, widths[index] + gap);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << (bold ? "\x1b[1m" : "") << line << (bold ? "\x1b[0m" : "") << '\n';
  };
  print_line([&](std::size_t column) { return columns_[column].header; }, terminal.colour);
  for (const auto& row : rows_) print_line([&](std::size_t column) { return row[column]; }, false);
}

void print_card(std::ostream& out, const Fields& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields) width = std::max(width, name.size());
  for (const auto& [name, value] : fields) {
    if (value.text.empty()) continue;
    std::string title = name + ":";
    std::ranges::replace(title, '_', ' ');
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    out << padded(title, width + 3) << one_line(value.text) << '\n';
  }
}

}  // namespace plugin::output
