// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace base {

/// "1 minute", "2 minutes".
std::string count_in_words(std::int64_t number, const std::string& unit);

/// "40 seconds", "59 minutes", "3 hours 5 minutes", "400 days": in the unit that a user would choose.
std::string duration_in_words(std::chrono::seconds);

}  // namespace base
