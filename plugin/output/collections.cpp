// SPDX-License-Identifier: Apache-2.0
#include "output/collections.hpp"

#include <algorithm>
#include <ostream>

#include "output/clean.hpp"
#include "output/csv.hpp"
#include "output/fold.hpp"
#include "output/text_width.hpp"

namespace output {
namespace {

constexpr std::size_t max_cells = 20'000;
constexpr std::size_t max_characters = 2U << 20;
constexpr std::size_t widest_streamed_column = 256;

/// Columns of one name would hide each other: the second becomes `name_2`.
std::vector<std::string> unique_names(const std::vector<snowflake::Column>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    std::string name = column.name;
    for (int number = 2; std::ranges::find(names, name) != names.end(); ++number) {
      name = column.name + "_" + std::to_string(number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

void ReadingCollection::begin(const std::vector<snowflake::Column>& columns, const std::string& time_zone) {
  columns_ = columns;
  names_ = unique_names(columns);
  zone_.emplace(time_zone);
}

void ReadingCollection::row(std::vector<snowflake::Cell>&& cells) {
  std::vector<Value> row;
  row.reserve(cells.size());
  for (std::size_t index = 0; index < cells.size(); ++index) {
    row.push_back(value_of(columns_[index], cells[index], *zone_, nested_));
  }
  values(std::move(row));
}

void JsonCollection::values(std::vector<Value>&& row) {
  Fields fields;
  for (std::size_t index = 0; index < row.size(); ++index)
    fields.emplace_back(names()[index], std::move(row[index]));
  out_ << (empty_ ? "[\n    " : ",\n    ") << to_json(fields, 4);
  empty_ = false;
}

void JsonCollection::end() { out_ << (empty_ ? "[]\n" : "\n]\n"); }

void CsvCollection::values(std::vector<Value>&& row) {
  if (empty_) print_csv(out_, names());
  empty_ = false;
  std::vector<std::string> fields;
  for (auto& value : row) fields.push_back(std::move(value.csv));
  print_csv(out_, fields);
}

void TableCollection::values(std::vector<Value>&& row) {
  std::vector<std::string> cells;
  std::size_t characters = 0;
  for (const auto& value : row) {
    cells.push_back(clean(value.text));
    characters += count_characters(cells.back());
  }
  if (!table_) {
    std::vector<std::string> header;
    for (const auto& name : names()) header.push_back(clean(name));
    table_.emplace(std::move(header));
  }
  const bool fits = cells_ + cells.size() <= max_cells && characters_ + characters <= max_characters;
  if (streamed_widths_.empty() && (fits || cells_ == 0)) {
    cells_ += cells.size();
    characters_ += characters;
    table_->add(std::move(cells));
    if (!fits) begin_streaming();
    return;
  }
  if (streamed_widths_.empty()) begin_streaming();
  print_row(out_, cells, streamed_widths_, {.folded = terminal_.is_terminal});
}

void TableCollection::begin_streaming() {
  streamed_widths_ = table_->widths();
  if (terminal_.is_terminal) {
    const std::size_t drawn = 3 * streamed_widths_.size() + 1;
    streamed_widths_ = fit(streamed_widths_, terminal_.width > drawn ? terminal_.width - drawn : 0);
  } else {
    for (auto& width : streamed_widths_) width = std::min(width, widest_streamed_column);
  }
  print_line(out_, streamed_widths_);
  print_row(out_, table_->header(), streamed_widths_,
            {.folded = terminal_.is_terminal, .bold = terminal_.colour});
  print_rule(out_, streamed_widths_);
  for (const auto& row : table_->rows())
    print_row(out_, row, streamed_widths_, {.folded = terminal_.is_terminal});
  table_->forget_rows();
}

void TableCollection::end() {
  if (!table_) {
    out_ << "No data\n\n";
    return;
  }
  if (!streamed_widths_.empty()) {
    print_line(out_, streamed_widths_);
  } else if (terminal_.is_terminal) {
    table_->print_within(out_, terminal_.width, terminal_.colour);
  } else {
    table_->print(out_, false);
  }
  if (terminal_.is_terminal) out_ << '\n';
}

}  // namespace output
