// SPDX-License-Identifier: Apache-2.0
#include "output/list.hpp"

#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

constexpr std::size_t gap = 3;
/// A cell is not shortened to less than this.
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

/// A piece of a template: text, or the cell of a column, or all cells as JSON.
struct Piece {
  enum class Kind { text, cell, json };
  Kind kind = Kind::text;
  std::string text;
  std::size_t column = 0;
};

/// `\t` and `\n` as shells leave them between single quotes.
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto pair = text.substr(at, 2);
    const bool is_escape = pair == "\\t" || pair == "\\n";
    result += is_escape ? (pair == "\\t" ? '\t' : '\n') : text[at];
    at += is_escape ? 1 : 0;
  }
  return result;
}

std::string field_of(const List::Column& column) {
  std::string name = base::to_lower(column.header);
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

Piece parse_action(std::string_view action, const std::vector<List::Column>& columns) {
  const auto text = base::trim(action);
  if (text == "json .") return {Piece::Kind::json, {}, 0};
  std::vector<std::string> fields;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (text.starts_with('.') && base::equals_ignoring_case(text.substr(1), columns[column].header))
      return {Piece::Kind::cell, {}, column};
    fields.push_back("{{." + field_of(columns[column]) + "}}");
  }
  throw base::Error(
      base::Kind::usage,
      "Invalid value for '--format': '{{" + base::printable(action, 100) + "}}' is not a field of this list",
      "the fields are: " + base::join(fields, " ") + " and {{json .}}");
}

std::vector<Piece> parse_template(std::string_view text, const std::vector<List::Column>& columns) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const auto start = text.find("{{");
    pieces.push_back({Piece::Kind::text, unescaped(text.substr(0, start)), 0});
    if (start == std::string_view::npos) break;
    const auto end = text.find("}}", start);
    if (end == std::string_view::npos) {
      throw base::Error(base::Kind::usage, "Invalid value for '--format': a template has '{{' without '}}'",
                        "write it as '{{.Repository}}'");
    }
    pieces.push_back(parse_action(text.substr(start + 2, end - start - 2), columns));
    text.remove_prefix(end + 2);
  }
  return pieces;
}

std::string json_of(const std::vector<std::string>& row, const std::vector<List::Column>& columns) {
  auto object = base::OrderedJson::object();
  for (std::size_t column = 0; column < columns.size(); ++column)
    object[field_of(columns[column])] = row[column];
  return object.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
}

}  // namespace

void List::print_by(const std::string& row_template, std::ostream& out) const {
  constexpr std::string_view with_headers = "table ";
  std::string_view text = row_template;
  const bool is_table = text.starts_with(with_headers);
  if (is_table) text.remove_prefix(with_headers.size());
  const auto pieces = parse_template(text, columns_);
  const auto fill_in = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (const auto& piece : pieces) {
      if (piece.kind == Piece::Kind::text) line += piece.text;
      if (piece.kind == Piece::Kind::cell) line += cells[piece.column];
      if (piece.kind == Piece::Kind::json) line += json_of(cells, columns_);
    }
    return line;
  };
  std::vector<std::string> lines;
  if (is_table) {
    std::vector<std::string> headers;
    for (const auto& column : columns_) headers.push_back(column.header);
    lines.push_back(fill_in(headers));
  }
  for (const auto& row : rows_) lines.push_back(fill_in(row));
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    const auto cells = base::split(line, '\t');
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t index = 0; index < cells.size(); ++index)
      widths[index] = std::max(widths[index], width_of(cells[index]));
  }
  for (const auto& line : lines) {
    const auto cells = base::split(line, '\t');
    for (std::size_t index = 0; index < cells.size(); ++index) {
      const bool is_last = index + 1 == cells.size();
      out << (is_table && !is_last ? padded(cells[index], widths[index] + gap) : cells[index])
          << (is_table || is_last ? "" : "\t");
    }
    out << '\n';
  }
}

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
  print_line([&](std::size_t column) { return columns_[column].header; }, terminal.color);
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
