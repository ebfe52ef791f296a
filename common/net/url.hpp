// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace net {

/// The parts of a URL that decide about where a request goes.
struct UrlParts {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, an IPv6 address in brackets
  int port = 0;
};

/// Takes a URL apart as libcurl does, which sends the requests. Throws `config` when it is none.
UrlParts parse_url(const std::string& url);

/// RFC 3986, 2.3: everything but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

}  // namespace net
