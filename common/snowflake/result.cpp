// SPDX-License-Identifier: Apache-2.0
#include "snowflake/result.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace snowflake {
namespace {

/// SHOW writes its columns in lower case; nobody promises that.
auto named(std::string_view name) {
  return [name](const Column& column) { return base::equals_ignoring_case(column.name, name); };
}

}  // namespace

Cell Result::at(std::size_t row, std::string_view column) const {
  const auto found = std::ranges::find_if(columns, named(column));
  if (found == columns.end()) return std::nullopt;
  return rows.at(row).at(static_cast<std::size_t>(found - columns.begin()));
}

bool Result::has(std::string_view column) const { return std::ranges::any_of(columns, named(column)); }

}  // namespace snowflake
