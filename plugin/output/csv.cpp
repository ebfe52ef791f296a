// SPDX-License-Identifier: Apache-2.0
#include "output/csv.hpp"

#include <algorithm>
#include <ostream>

#include "output/clean.hpp"

namespace output {
namespace {

std::string quoted(const std::string& field) {
  const auto is_special = [](char c) { return c == ',' || c == '"' || c == '\n'; };
  if (std::ranges::none_of(field, is_special)) return field;
  std::string result = "\"";
  for (const char c : field) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

}  // namespace

void print_csv(std::ostream& out, const std::vector<std::string>& fields) {
  bool first = true;
  for (const auto& field : fields) {
    if (!first) out << ',';
    out << quoted(without_escapes(field));
    first = false;
  }
  // An empty line would be no record.
  if (fields.size() == 1 && fields.front().empty()) out << "\"\"";
  out << '\n';
}

}  // namespace output
