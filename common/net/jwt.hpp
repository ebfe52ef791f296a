// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace net {

/// What a JWT claims (RFC 7519): who made it, for whom, until when. Absent when it is none. The signature is
/// not looked at: the server that the token is for does that.
std::optional<base::Json> claims_of_jwt(std::string_view jwt);

/// When a JWT expires (RFC 7519, 4.1.4: exp). Absent when it is none, or does not say.
std::optional<base::TimePoint> expiry_of_jwt(std::string_view jwt);

}  // namespace net
