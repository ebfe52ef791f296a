// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "output/time_zone.hpp"
#include "snowflake/result.hpp"

namespace output {

/// A value in the three forms that the Snowflake CLI prints it in (`snowflake/PROTOCOL.md` 10.4).
struct Value {
  base::OrderedJson json;
  std::string text;  ///< in a table
  std::string csv;
};

Value text_value(const std::string& text);
Value number_value(std::int64_t number);

/// A cell of a result, read as its column says (`snowflake/PROTOCOL.md` 5.5). What does not read so stays the
/// text it is. `nested`: JSON_EXT, where JSON inside of cells is not text.
Value value_of(const snowflake::Column&, const snowflake::Cell&, const TimeZone&, bool nested);

}  // namespace output
