// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace plugin::output {

/// A size as Docker writes it: decimal units, four significant digits.
std::string human_size(std::uint64_t bytes);

}  // namespace plugin::output
