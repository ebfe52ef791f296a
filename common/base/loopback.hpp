// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace base {

/// 127.0.0.0/8, ::1 (in brackets or not) and localhost, in lower case: what never leaves the machine.
bool is_loopback(std::string_view host);

/// Whether a host is an address that is not of the internet, loopback among them: private, link-local,
/// shared, unspecified (RFC 6890), or an IPv6 address that holds such an IPv4 address. IPv6 in brackets or
/// not. A name is none, wherever it leads.
bool is_internal_address(std::string_view host);

/// Where clouds tell a machine about itself, without TLS, on a network that ends at the machine: an IPv4
/// address of the link (169.254.0.0/16, RFC 3927), AWS's IPv6 addresses for it in brackets, or
/// metadata.google.internal. `host` in lower case.
bool is_metadata_service(std::string_view host);

}  // namespace base
