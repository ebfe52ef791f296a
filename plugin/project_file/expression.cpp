// SPDX-License-Identifier: Apache-2.0
#include "project_file/expression.hpp"

#include <algorithm>

#include "project_file/expression_reader.hpp"

namespace project_file {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";

void trim_end(Template& parsed) {
  if (parsed.pieces.empty() || !parsed.pieces.back().expression.empty()) return;
  auto& text = parsed.pieces.back().text;
  text.erase(text.find_last_not_of(white_space) + 1);
}

std::size_t behind_white_space(std::string_view text, std::size_t position) {
  return std::min(text.find_first_not_of(white_space, position), text.size());
}

}  // namespace

Template parse_template(std::string_view text) {
  Template parsed;
  std::size_t position = 0;
  while (position < text.size()) {
    const auto start = std::min(text.find("<%", position), text.find("{#", position));
    parsed.pieces.push_back({std::string{text.substr(position, start - position)}, {}});
    if (start == std::string_view::npos) break;
    position = start + 2;
    const char sign = position < text.size() ? text[position] : '\0';
    if (sign == '-') trim_end(parsed);
    if (text[start] == '{') {
      const auto end = text.find("#}", position);
      if (end == std::string_view::npos) {
        ExpressionReader::fail_to_parse(text, "Missing end of comment tag");
      }
      position = end > position && text[end - 1] == '-' ? behind_white_space(text, end + 2) : end + 2;
      continue;
    }
    if (sign == '-' || sign == '+') ++position;
    ExpressionReader reader{text, position};
    parsed.pieces.push_back({"", {reader.read()}});
    parsed.has_names = parsed.has_names || reader.has_names();
    position = reader.eats_white_space() ? behind_white_space(text, reader.position()) : reader.position();
  }
  return parsed;
}

}  // namespace project_file
