// SPDX-License-Identifier: Apache-2.0
#include "base/fingerprint.hpp"

#include "base/text.hpp"

namespace base {
namespace {

constexpr std::uint64_t prime = 1099511628211U;

}  // namespace

Fingerprint& Fingerprint::add(std::uint64_t number) {
  for (int i = 0; i < 8; ++i, number >>= 8U) state_ = (state_ ^ (number & 0xffU)) * prime;
  return *this;
}

Fingerprint& Fingerprint::add(std::string_view text) {
  add(std::uint64_t{text.size()});
  for (const char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * prime;
  return *this;
}

std::string Fingerprint::hex() const {
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8)
    bytes += static_cast<char>((state_ >> (shift - 8)) & 0xffU);
  return to_hex(bytes);
}

}  // namespace base
