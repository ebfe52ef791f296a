// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace net {

/// A date as servers write it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Absent for anything else,
/// the two obsolete forms among it.
std::optional<base::TimePoint> parse_http_date(std::string_view text);

}  // namespace net
