// SPDX-License-Identifier: Apache-2.0
#include "net/jwt.hpp"

#include "base/text.hpp"
#include "net/crypto.hpp"

namespace net {
namespace {

/// RFC 4648, 5, without padding, as RFC 7515 wants it. Absent for other characters.
std::optional<std::string> decoded_base64url(std::string_view text) {
  return text.find_first_of("+/=") == std::string_view::npos ? from_base64(text) : std::nullopt;
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

std::optional<base::TimePoint> expiry_of_jwt(std::string_view jwt) {
  const auto claims = claims_of_jwt(jwt);
  const auto seconds = claims ? base::whole_number_at(*claims, "exp") : std::nullopt;
  if (!seconds) return std::nullopt;
  return base::TimePoint{std::chrono::seconds{*seconds}};
}

}  // namespace net
