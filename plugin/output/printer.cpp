// SPDX-License-Identifier: Apache-2.0
#include "output/printer.hpp"

#include <algorithm>
#include <optional>
#include <ostream>

#include "output/table.hpp"
#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

/// Columns with the same name would hide each other: the second becomes `name_2`.
std::vector<std::string> unique_names(const std::vector<Column>& columns) {
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

class NamedRows : public RowPrinter {
public:
  explicit NamedRows(std::ostream& to) : out(to) {}
  void begin(const std::vector<Column>& columns) final { names = unique_names(columns); }

protected:
  Fields fields_of(Row&& row) const {
    Fields fields;
    for (std::size_t index = 0; index < row.size(); ++index)
      fields.emplace_back(names[index], std::move(row[index]));
    return fields;
  }

  std::ostream& out;
  std::vector<std::string> names;
};

/// An array of objects.
class JsonRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void row(Row&& row) override {
    out << (empty_ ? "[\n    " : ",\n    ") << to_json(fields_of(std::move(row)), 4);
    empty_ = false;
  }
  void end() override { out << (empty_ ? "[]\n" : "\n]\n"); }

private:
  bool empty_ = true;
};

/// A sequence of mappings.
class YamlRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void row(Row&& row) override {
    out << "- " << to_yaml(fields_of(std::move(row)), 2);
    empty_ = false;
  }
  void end() override {
    if (empty_) out << "[]\n";
  }

private:
  bool empty_ = true;
};

/// A header and records; nothing at all for no rows.
class CsvRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void row(Row&& row) override {
    if (empty_) print_csv(out, names);
    empty_ = false;
    std::vector<std::string> fields;
    for (auto& value : row) fields.push_back(std::move(value.csv));
    print_csv(out, fields);
  }
  void end() override {}

private:
  bool empty_ = true;
};

/// A table. The beginning of a long one decides how wide the columns are, and what follows is printed as it
/// comes.
class TableRows final : public NamedRows {
public:
  TableRows(std::ostream& to, const Terminal& terminal, Lines lines)
      : NamedRows(to), terminal_(terminal), lines_(lines) {}

  void row(Row&& row) override {
    std::vector<std::string> cells;
    std::size_t characters = 0;
    for (const auto& value : row) {
      cells.push_back(clean(value.text));
      characters += count_characters(cells.back());
    }
    if (!table_) start_table();
    const bool fits =
        cells_ == 0 || (cells_ + cells.size() <= max_cells && characters_ + characters <= max_characters);
    if (streamed_widths_.empty() && !fits) begin_streaming();
    if (!streamed_widths_.empty())
      return print_row(out, cells, streamed_widths_, {.lines = lines_, .folded = terminal_.is_terminal});
    cells_ += cells.size();
    characters_ += characters;
    table_->add(std::move(cells));
  }

  void end() override {
    if (!table_) {
      out << "No data\n\n";
      return;
    }
    if (!streamed_widths_.empty()) {
      // The Snowflake CLI ends a long one without lines here.
      if (lines_ == Lines::none) return;
      print_line(out, streamed_widths_, lines_);
    } else if (terminal_.is_terminal) {
      table_->print_within(out, terminal_.width, terminal_.color);
    } else {
      table_->print(out, false);
    }
    if (terminal_.is_terminal) out << '\n';
  }

private:
  static constexpr std::size_t max_cells = 20'000;
  static constexpr std::size_t max_characters = 2U << 20;
  static constexpr std::size_t max_streamed_width = 256;

  void start_table() {
    std::vector<std::string> header;
    for (const auto& name : names) header.push_back(clean(name));
    table_.emplace(std::move(header), lines_);
  }

  void begin_streaming() {
    streamed_widths_ = terminal_.is_terminal ? table_->widths_within(terminal_.width) : table_->widths();
    if (!terminal_.is_terminal) {
      for (auto& width : streamed_widths_) width = std::min(width, max_streamed_width);
    }
    const RowStyle style{.lines = lines_, .folded = terminal_.is_terminal};
    print_line(out, streamed_widths_, lines_);
    print_row(out, table_->header(), streamed_widths_,
              {.lines = lines_, .folded = terminal_.is_terminal, .bold = terminal_.color});
    print_rule(out, streamed_widths_, lines_);
    for (const auto& held : table_->rows()) print_row(out, held, streamed_widths_, style);
    table_->forget_rows();
  }

  Terminal terminal_;
  Lines lines_;
  std::optional<Table> table_;
  std::vector<std::size_t> streamed_widths_;  ///< empty as long as the table is held
  std::size_t cells_ = 0;
  std::size_t characters_ = 0;
};

Lines lines_of(Format format) { return format == Format::plain ? Lines::none : Lines::ascii; }

std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) names.push_back(name);
  return names;
}

}  // namespace

void Printer::message(const std::string& text) const {
  const Fields fields = {{"message", text_value(text)}};
  if (is_for_users(format_) || format_ == Format::name) {
    out_ << clean(text) << '\n';
  } else {
    object(fields);
  }
}

void Printer::object(const Fields& fields) const {
  switch (format_) {
    case Format::json:
    case Format::json_ext:
      out_ << to_json(fields) << '\n';
      return;
    case Format::yaml:
      out_ << to_yaml(fields);
      return;
    case Format::name:
      out_ << clean(fields.front().second.text) << '\n';
      return;
    case Format::csv: {
      std::vector<std::string> values;
      for (const auto& [name, value] : fields) values.push_back(value.csv);
      print_csv(out_, names_of(fields));
      print_csv(out_, values);
      return;
    }
    case Format::table:
    case Format::plain:
    case Format::wide:
      break;
  }
  Table table{{"key", "value"}, lines_of(format_)};
  for (const auto& [name, value] : fields) table.add({clean(name), clean(value.text)});
  table.print_within(out_, terminal_.width, terminal_.color);
}

void Printer::objects(const std::vector<Fields>& all) const {
  if (all.empty() && is_for_users(format_)) return;
  const auto printer = rows();
  std::vector<Column> columns;
  if (!all.empty()) {
    for (auto& name : names_of(all.front())) columns.push_back({std::move(name)});
  }
  printer->begin(columns);
  for (const auto& fields : all) {
    Row row;
    for (const auto& [name, value] : fields) row.push_back(value);
    printer->row(std::move(row));
  }
  printer->end();
}

std::unique_ptr<RowPrinter> Printer::rows() const {
  switch (format_) {
    case Format::json:
    case Format::json_ext:
      return std::make_unique<JsonRows>(out_);
    case Format::yaml:
      return std::make_unique<YamlRows>(out_);
    case Format::csv:
      return std::make_unique<CsvRows>(out_);
    case Format::table:
    case Format::plain:
    case Format::wide:
    case Format::name:
      break;
  }
  return std::make_unique<TableRows>(out_, terminal_, lines_of(format_));
}

}  // namespace plugin::output
