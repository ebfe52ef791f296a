// SPDX-License-Identifier: Apache-2.0
#include "net/jwt.hpp"

#include "base/text.hpp"

namespace net {
namespace {

/// RFC 4648, 5, without padding, as RFC 7515 wants it. Absent for other characters.
std::optional<std::string> decoded_base64url(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.size() % 4 == 1) return std::nullopt;
  std::string result;
  unsigned bits = 0;
  unsigned waiting = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    result += static_cast<char>((bits >> waiting) & 0xffU);
  }
  return result;
}

std::optional<base::Json> object_in(std::string_view part) {
  const auto text = decoded_base64url(part);
  auto json = text ? base::parse_json(*text) : std::nullopt;
  if (!json || !json->is_object()) return std::nullopt;
  return json;
}

}  // namespace

std::optional<base::Json> claims_of_jwt(std::string_view jwt) {
  const auto parts = base::split(jwt, '.');
  if (parts.size() != 3 || parts[2].empty() || !object_in(parts[0]) || !decoded_base64url(parts[2])) {
    return std::nullopt;
  }
  return object_in(parts[1]);
}

}  // namespace net
