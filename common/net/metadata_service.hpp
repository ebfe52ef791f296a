// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace net {

/// Where clouds tell a machine about itself, without TLS, on a network that ends at the machine: an IPv4
/// address of the link (169.254.0.0/16, RFC 3927), AWS's IPv6 addresses for it in brackets, or
/// metadata.google.internal. `host` in lower case.
bool is_metadata_service(std::string_view host);

}  // namespace net
