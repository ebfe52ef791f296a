// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace net {

/// The parts of a URL that determine where a request goes.
struct UrlParts {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, an IPv6 address in brackets
  int port = 0;
};

/// Parses a URL with libcurl, so that it is read as it will be when the request is sent. Throws `config` when
/// it is not valid.
UrlParts parse_url(const std::string& url);

/// Resolves `reference`, which may be relative, against the URL `page` (RFC 3986, 5). Throws `config` when it
/// is not valid.
std::string resolve_url(const std::string& page, const std::string& reference);

/// Parses an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Absent when it is malformed, and
/// for dates before 1970.
std::optional<base::TimePoint> parse_http_date(const std::string& text);

/// RFC 3986, 2.3: encodes all but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

/// Appends a query parameter to a URL, with `?` or `&`; only the value is percent-encoded.
void add_query(std::string& url, std::string_view name, std::string_view value);

/// The body of a POST request as application/x-www-form-urlencoded. The values may be secrets.
class Form {
public:
  /// Percent-encodes the value.
  Form& add(std::string_view name, std::string_view value);
  const base::Secret& body() const noexcept { return body_; }

private:
  base::Secret body_;
};

}  // namespace net
