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
std::vector<std::string> unique_names(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    std::string name = column;
    for (int number = 2; std::ranges::find(names, name) != names.end(); ++number)
      name = column + "_" + std::to_string(number);
    names.push_back(std::move(name));
  }
  return names;
}

class NamedRows : public RowPrinter {
public:
  explicit NamedRows(std::ostream& to) : out(to) {}
  void begin(const std::vector<std::string>& columns) final { names = unique_names(columns); }
  void row(Row&& row) final {
    print(std::move(row));
    is_empty = false;
  }

protected:
  virtual void print(Row&&) = 0;

  Fields fields_of(Row&& row) const {
    Fields fields;
    for (std::size_t index = 0; index < row.size(); ++index)
      fields.emplace_back(names[index], std::move(row[index]));
    return fields;
  }

  std::ostream& out;
  std::vector<std::string> names;
  bool is_empty = true;  ///< no row was printed yet
};

/// An array of objects.
class JsonRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void print(Row&& row) override {
    out << (is_empty ? "[\n    " : ",\n    ") << to_json(fields_of(std::move(row)), 4);
  }
  void end() override { out << (is_empty ? "[]\n" : "\n]\n"); }
};

/// A sequence of mappings.
class YamlRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void print(Row&& row) override { out << "- " << to_yaml(fields_of(std::move(row)), 2); }
  void end() override { out << (is_empty ? "[]\n" : ""); }
};

/// A header and records; nothing at all for no rows.
class CsvRows final : public NamedRows {
public:
  using NamedRows::NamedRows;
  void print(Row&& row) override {
    if (is_empty) print_csv(out, names);
    std::vector<std::string> record;
    for (auto& value : row) record.push_back(std::move(value.csv));
    print_csv(out, record);
  }
  void end() override {}
};

class TableRows final : public NamedRows {
public:
  TableRows(std::ostream& to, const TableStyle& style) : NamedRows(to), style_(style) {}

  void print(Row&& row) override {
    if (is_empty) table_.emplace(out, names, style_);
    std::vector<std::string> cells;
    for (auto& value : row) cells.push_back(std::move(value.text));
    table_->add(std::move(cells));
  }
  void end() override {
    if (table_) return table_->end();
    out << "No data\n\n";
  }

private:
  TableStyle style_;
  std::optional<Table> table_;
};

Lines lines_of(Format format) { return format == Format::plain ? Lines::none : Lines::ascii; }

std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) names.push_back(name);
  return names;
}

}  // namespace

void Printer::message(const std::string& text) const {
  if (is_for_programs(format_)) return object({{"message", text_value(text)}});
  out_ << clean(text) << '\n';
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
    case Format::csv:
      return objects({fields});
    case Format::table:
    case Format::plain:
    case Format::wide:
      break;
  }
  Table table{out_, {"key", "value"}, {lines_of(format_), terminal_.width, terminal_.color}};
  for (const auto& [name, value] : fields) table.add({name, value.text});
  table.end();
}

void Printer::objects(const std::vector<Fields>& all) const {
  if (all.empty() && is_for_users(format_)) return;
  const auto printer = rows();
  printer->begin(all.empty() ? std::vector<std::string>{} : names_of(all.front()));
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
  TableStyle style{.lines = lines_of(format_), .bold_header = terminal_.color};
  if (terminal_.is_terminal) style.width = terminal_.width;
  style.ends_with_empty_line = terminal_.is_terminal;
  return std::make_unique<TableRows>(out_, style);
}

}  // namespace plugin::output
