// SPDX-License-Identifier: Apache-2.0
#include "base/local_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

namespace base {
namespace {

/// A name such as 127.0.0.1.example is not an address.
bool looks_like_ipv4(std::string_view host) {
  return std::ranges::count(host, '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_internal(const std::array<unsigned char, 4>& address) {
  const auto [a, b, c, d] = address;
  return a == 0 || a == 10 || a == 127 || (a == 169 && b == 254) || (a == 172 && b >= 16 && b < 32) ||
         (a == 192 && b == 168) || (a == 100 && b >= 64 && b < 128);
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host == "::1") return true;
  return host.starts_with("127.") && looks_like_ipv4(host);
}

bool is_internal_address(std::string_view host) {
  if (is_loopback(host)) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string text{host.substr(0, host.find('%'))};
  std::array<unsigned char, 4> v4{};
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return is_internal(v4);
  std::array<unsigned char, 16> v6{};
  if (inet_pton(AF_INET6, text.c_str(), v6.data()) != 1) return false;
  const auto zeros =
      static_cast<std::size_t>(std::ranges::find_if(v6, [](int b) { return b != 0; }) - v6.begin());
  // ::, ::1, ::a.b.c.d and ::ffff:a.b.c.d
  if (zeros >= 12 || (zeros == 10 && v6[10] == 0xff && v6[11] == 0xff))
    return zeros >= 15 || is_internal({v6[12], v6[13], v6[14], v6[15]});
  return (v6[0] & 0xfeU) == 0xfc || (v6[0] == 0xfe && (v6[1] & 0xc0U) == 0x80);
}

bool is_metadata_service(std::string_view host) {
  if (host == "metadata.google.internal" || host == "[fd00:ec2::254]" || host == "[fd00:ec2::23]")
    return true;
  return host.starts_with("169.254.") && looks_like_ipv4(host);
}

}  // namespace base
