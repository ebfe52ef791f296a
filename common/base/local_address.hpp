// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Hosts that are not on the internet, by their name alone: nothing is resolved.
namespace base {

/// Whether `host`, in lower case, is 127.0.0.0/8, ::1 (with or without brackets) or localhost: requests to it
/// never leave the machine.
bool is_loopback(std::string_view host);

/// Whether `host` is an address that is not on the internet: loopback, private, link-local, shared or
/// unspecified (RFC 6890), or an IPv6 address (with or without brackets) that contains such an IPv4 address.
/// False for host names, whatever they resolve to.
bool is_internal_address(std::string_view host);

/// Whether `host`, in lower case, is a cloud's metadata service, which has no TLS and is reachable only from
/// the machine itself: a link-local IPv4 address (169.254.0.0/16, RFC 3927), one of AWS's IPv6 addresses in
/// brackets, or metadata.google.internal.
bool is_metadata_service(std::string_view host);

}  // namespace base
