// SPDX-License-Identifier: Apache-2.0
#include "net/metadata_service.hpp"

#include <algorithm>

namespace net {

bool is_metadata_service(std::string_view host) {
  if (host == "metadata.google.internal" || host == "[fd00:ec2::254]" || host == "[fd00:ec2::23]")
    return true;
  // A name such as 169.254.169.254.example is no address.
  return host.starts_with("169.254.") && std::ranges::count(host, '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace net
