// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace plugin::output {

/// A value in the three forms it is printed in.
struct Value {
  base::OrderedJson json;  ///< in JSON and YAML
  std::string text;        ///< in a table
  std::string csv;
};

Value text_value(const std::string& text);
Value number_value(std::int64_t number);
/// null in JSON, nothing elsewhere, when `text` is empty.
Value text_or_null(const std::string& text);

/// Names and values, in their order.
using Fields = std::vector<std::pair<std::string, Value>>;

/// As Python's json.dumps(indent=4) writes it: four spaces, everything outside of ASCII escaped. Every line
/// except the first is indented by `indent` more spaces.
std::string to_json(const Fields&, std::size_t indent = 0);

/// A mapping of YAML 1.1 and 1.2, one line for each field. Every line except the first is indented by
/// `indent` spaces.
std::string to_yaml(const Fields&, std::size_t indent = 0);

/// One record of RFC 4180, quoted where it must be, ended by a line feed alone; without escape sequences.
void print_csv(std::ostream& out, const std::vector<std::string>& fields);

}  // namespace plugin::output
