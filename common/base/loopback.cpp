// SPDX-License-Identifier: Apache-2.0
#include "base/loopback.hpp"

#include <algorithm>

namespace base {

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host == "::1") return true;
  // A name such as 127.0.0.1.example is no address.
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace base
