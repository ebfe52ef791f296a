// SPDX-License-Identifier: Apache-2.0
#include "snowflake/lifetime.hpp"

#include <algorithm>

namespace snowflake {

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most) {
  constexpr std::chrono::seconds unknown{60};
  const auto seconds = base::whole_number_at(data, field);
  if (!seconds) {
    const auto& value = base::member(data, field);
    // A number that does not fit: a long life, or one that is long over.
    if (value.is_number()) return value.get<double>() > 0 ? most : std::chrono::seconds::zero();
    return unknown;
  }
  return std::min(std::chrono::seconds{*seconds}, most);
}

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most,
                                 std::chrono::seconds usual) {
  return base::member(data, field).is_null() ? usual : lifetime_at(data, field, most);
}

}  // namespace snowflake
