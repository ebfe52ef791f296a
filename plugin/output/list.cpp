// SPDX-License-Identifier: Apache-2.0
#include "output/list.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

constexpr std::size_t gap = 3;
/// No column is narrowed below this.
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

/// The cells, each in its column. One that does not fit in the rest of the line begins a new line, and begins
/// left of its column if it must.
std::string laid_out(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                     std::size_t line_width) {
  std::string text;
  std::size_t at = 0;
  std::size_t column = 0;
  for (std::size_t index = 0; index < cells.size(); ++index) {
    const auto size = width_of(cells[index]);
    const auto begin = std::min(column, line_width > size ? line_width - size : 0);
    column += widths[index] + gap;
    if (size == 0) continue;
    if (at > 0 && begin < at + gap) {
      text += '\n';
      at = 0;
    }
    text.append(begin - at, ' ').append(cells[index]);
    at = begin + size;
  }
  return text;
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

std::string json_of(const Row& row, const std::vector<List::Column>& columns) {
  auto object = base::OrderedJson::object();
  for (std::size_t column = 0; column < columns.size(); ++column)
    object[field_of(columns[column])] = row[column].text;
  return object.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
}

}  // namespace

void List::print_by(const std::string& row_template, std::ostream& out) const {
  constexpr std::string_view with_headers = "table ";
  std::string_view text = row_template;
  const bool is_table = text.starts_with(with_headers);
  if (is_table) text.remove_prefix(with_headers.size());
  const auto pieces = parse_template(text, columns_);
  const auto fill_in = [&](const Row& cells) {
    std::string line;
    for (const auto& piece : pieces) {
      if (piece.kind == Piece::Kind::text) line += piece.text;
      if (piece.kind == Piece::Kind::cell) line += cells[piece.column].text;
      if (piece.kind == Piece::Kind::json) line += json_of(cells, columns_);
    }
    return line;
  };
  std::vector<std::string> lines;
  if (is_table) {
    Row headers;
    for (const auto& column : columns_) headers.push_back(text_value(column.header));
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

void List::add(Row cells) {
  for (auto& cell : cells) cell.text = one_line(cell.text);
  rows_.push_back(std::move(cells));
}

void List::add(const std::vector<std::string>& cells) {
  Row row;
  for (const auto& cell : cells) row.push_back(text_value(cell));
  add(std::move(row));
}

std::vector<std::size_t> List::widths_of(const std::vector<std::size_t>& shown) const {
  std::vector<std::size_t> widths;
  for (const auto column : shown) {
    std::size_t width = width_of(columns_[column].header);
    for (const auto& row : rows_) width = std::max(width, width_of(row[column].text));
    widths.push_back(width);
  }
  return widths;
}

void List::fit(std::vector<std::size_t>& shown, std::vector<std::size_t>& widths, std::size_t width) const {
  const auto is_too_wide = [&] {
    return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1)) > width;
  };
  for (auto index = shown.size(); index-- > 0 && is_too_wide();) {
    if (!columns_[shown[index]].may_be_left_out) continue;
    shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(index));
    widths.erase(widths.begin() + static_cast<std::ptrdiff_t>(index));
  }
  const auto room = [&](std::size_t index) {
    const auto& column = columns_[shown[index]];
    const auto min = std::max(min_width, width_of(column.header));
    return column.may_be_narrowed && widths[index] > min ? widths[index] : 0;
  };
  while (is_too_wide()) {
    std::size_t widest = 0;
    for (std::size_t index = 1; index < widths.size(); ++index) {
      if (room(index) > room(widest)) widest = index;
    }
    if (room(widest) == 0) break;
    --widths[widest];
  }
  // Cells that go on the next line anyway take no room from the others.
  for (std::size_t index = 0; index < widths.size(); ++index) {
    std::size_t needed = width_of(columns_[shown[index]].header);
    for (const auto& row : rows_) {
      const auto size = width_of(row[shown[index]].text);
      if (size <= widths[index]) needed = std::max(needed, size);
    }
    widths[index] = needed;
  }
}

void List::print_for_programs(std::ostream& out, Format format) const {
  const auto printer = Printer{out, format, {}}.rows();
  std::vector<std::string> names;
  for (const auto& column : columns_)
    names.push_back(column.name.empty() ? base::to_lower(column.header) : column.name);
  printer->begin(names);
  for (auto row : rows_) printer->row(std::move(row));
  printer->end();
}

void List::print(std::ostream& out, Format format, const Terminal& terminal) const {
  if (format == Format::name) {
    for (const auto& row : rows_) out << row.front().text << '\n';
    return;
  }
  if (!is_for_users(format)) return print_for_programs(out, format);
  std::vector<std::size_t> shown;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    if (format == Format::wide || !columns_[index].wide_only) shown.push_back(index);
  }
  auto widths = widths_of(shown);
  const bool is_fitted = terminal.is_terminal && format != Format::wide;
  if (is_fitted) fit(shown, widths, terminal.width);
  const auto print_row = [&](auto&& cell_of, bool bold) {
    std::vector<std::string> cells;
    for (const auto column : shown) cells.push_back(cell_of(column));
    const auto text = laid_out(cells, widths, is_fitted ? terminal.width : std::string::npos);
    out << (bold ? "\x1b[1m" : "") << text << (bold ? "\x1b[0m" : "") << '\n';
  };
  print_row([&](std::size_t column) { return columns_[column].header; }, terminal.color);
  for (const auto& row : rows_) print_row([&](std::size_t column) { return row[column].text; }, false);
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
