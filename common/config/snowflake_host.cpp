// SPDX-License-Identifier: Apache-2.0
#include "config/snowflake_host.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace config {

bool is_snowflake_host(std::string_view host) {
  constexpr std::array domains = {std::string_view{".snowflakecomputing.com"},
                                  std::string_view{".snowflakecomputing.cn"},
                                  std::string_view{".snowflakecomputing.mil"}};
  // What a parser may take for the end of a host must not be in its name, wherever it ends.
  const bool sound = std::ranges::all_of(base::split(host, '.'), [](const std::string& label) {
    return !label.empty() && std::ranges::all_of(label, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
  });
  return sound &&
         std::ranges::any_of(domains, [&](std::string_view domain) { return host.ends_with(domain); });
}

}  // namespace config
