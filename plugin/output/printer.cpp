// SPDX-License-Identifier: Apache-2.0
#include "output/printer.hpp"

#include <ostream>

#include "output/clean.hpp"
#include "output/collections.hpp"
#include "output/csv.hpp"
#include "output/table.hpp"

namespace output {

void Printer::message(const std::string& text) const {
  switch (format_) {
    case Format::table:
      out_ << clean(text) << '\n';
      break;
    case Format::json:
    case Format::json_ext:
      out_ << to_json({{"message", text_value(text)}}) << '\n';
      break;
    case Format::csv:
      print_csv(out_, {"message"});
      print_csv(out_, {text});
      break;
  }
}

void Printer::object(const Fields& fields) const {
  if (format_ == Format::json || format_ == Format::json_ext) {
    out_ << to_json(fields) << '\n';
    return;
  }
  if (format_ == Format::csv) {
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const auto& [name, value] : fields) {
      names.push_back(name);
      values.push_back(value.csv);
    }
    print_csv(out_, names);
    print_csv(out_, values);
    return;
  }
  Table table{{"key", "value"}};
  for (const auto& [name, value] : fields) table.add({clean(name), clean(value.text)});
  table.print_within(out_, terminal_.width, terminal_.colour);
}

void Printer::objects(const std::vector<Fields>& all) const {
  if (format_ == Format::json || format_ == Format::json_ext) {
    const char* separator = "[\n    ";
    for (const auto& fields : all) {
      out_ << separator << to_json(fields, 4);
      separator = ",\n    ";
    }
    out_ << (all.empty() ? "[]\n" : "\n]\n");
    return;
  }
  if (all.empty()) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : all.front()) names.push_back(name);
  Table table{names};
  if (format_ == Format::csv) print_csv(out_, names);
  for (const auto& fields : all) {
    std::vector<std::string> cells;
    for (const auto& [name, value] : fields)
      cells.push_back(format_ == Format::csv ? value.csv : clean(value.text));
    if (format_ == Format::csv) {
      print_csv(out_, cells);
    } else {
      table.add(std::move(cells));
    }
  }
  if (format_ == Format::csv) return;
  if (terminal_.is_terminal) {
    table.print_within(out_, terminal_.width, terminal_.colour);
  } else {
    table.print(out_, false);
  }
}

std::unique_ptr<Printer::Collection> Printer::collection() const {
  switch (format_) {
    case Format::json:
    case Format::json_ext:
      return std::make_unique<JsonCollection>(out_, format_ == Format::json_ext);
    case Format::csv:
      return std::make_unique<CsvCollection>(out_);
    case Format::table:
      break;
  }
  return std::make_unique<TableCollection>(out_, terminal_);
}

}  // namespace output
