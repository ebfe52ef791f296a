// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace net {

/// The parts of a URL that decide about where a request goes.
struct UrlParts {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, an IPv6 address in brackets
  int port = 0;
};

/// Takes a URL apart as libcurl does, which sends the requests. Throws `config` when it is not a URL.
UrlParts parse_url(const std::string& url);

/// A date as servers write it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), read by libcurl. Absent for
/// what it cannot read, and for dates before 1970.
std::optional<base::TimePoint> parse_http_date(const std::string& text);

/// RFC 3986, 2.3: everything but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

}  // namespace net
