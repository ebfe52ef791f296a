// SPDX-License-Identifier: Apache-2.0
#include "snowflake/lifetime.hpp"

#include <algorithm>

namespace snowflake {

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most) {
  constexpr std::chrono::seconds unknown{60};
  const auto seconds = base::whole_number_at(data, field);
  if (!seconds) {
    // A number that does not fit is at least a long life.
    return base::member(data, field).is_number() ? most : unknown;
  }
  return std::min(std::chrono::seconds{*seconds}, most);
}

}  // namespace snowflake
