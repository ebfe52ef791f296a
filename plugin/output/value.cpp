// SPDX-License-Identifier: Apache-2.0
#include "output/value.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "base/text.hpp"
#include "output/terminal_text.hpp"

namespace plugin::output {
namespace {

/// Whether YAML reads `text` as this very text without quotes: a word that begins with a letter, but none of
/// the words that YAML 1.1 or 1.2 take for something else.
bool is_plain_yaml(const std::string& text) {
  constexpr std::array reserved = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  const auto is_reserved = [&](const char* word) { return base::equals_ignoring_case(word, text); };
  const auto is_inner = [](char c) {
    return base::is_alphanumeric(c) || c == '_' || c == '-' || c == '.' || c == '/';
  };
  return !text.empty() && base::is_letter(text.front()) && std::ranges::all_of(text, is_inner) &&
         std::ranges::none_of(reserved, is_reserved);
}

/// JSON is YAML, too, for everything that is not a plain word.
std::string yaml_of(const base::OrderedJson& value) {
  if (value.is_string() && is_plain_yaml(value.get<std::string>())) return value.get<std::string>();
  return value.dump(-1, ' ', true, base::OrderedJson::error_handler_t::replace);
}

std::string csv_field(const std::string& text) {
  std::string field = without_escapes(text);
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string result = "\"";
  for (const char c : field) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

}  // namespace

Value text_value(const std::string& text) { return {text, text, text}; }

Value number_value(std::int64_t number) { return {number, std::to_string(number), std::to_string(number)}; }

Value text_or_null(const std::string& text) {
  auto value = text_value(text);
  if (text.empty()) value.json = nullptr;
  return value;
}

std::string to_json(const Fields& fields, std::size_t indent) {
  auto object = base::OrderedJson::object();
  for (const auto& [name, value] : fields) object[name] = value.json;
  const auto text = object.dump(4, ' ', true, base::OrderedJson::error_handler_t::replace);
  return base::join(base::split(text, '\n'), '\n' + std::string(indent, ' '));
}

std::string to_yaml(const Fields& fields, std::size_t indent) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += std::string(indent, ' ');
    text += yaml_of(name) + ": " + yaml_of(value.json) + "\n";
  }
  return text;
}

void print_csv(std::ostream& out, const std::vector<std::string>& fields) {
  std::string record;
  for (const auto& field : fields) record += (&field == &fields.front() ? "" : ",") + csv_field(field);
  // An empty line would not be a record.
  out << (fields.size() == 1 && record.empty() ? "\"\"" : record) << '\n';
}

}  // namespace plugin::output
