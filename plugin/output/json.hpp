// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "output/value.hpp"

namespace output {

/// Names and values, in their order.
using Fields = std::vector<std::pair<std::string, Value>>;

/// As Python's json.dumps(indent=4) writes it: four spaces, everything outside of ASCII escaped. Every line
/// but the first has `indent` more spaces in front.
std::string to_json(const Fields&, std::size_t indent = 0);

}  // namespace output
