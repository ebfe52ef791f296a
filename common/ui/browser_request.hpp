// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/secret.hpp"

namespace ui {

/// Named values from a query, a form or JSON. All are treated as secrets, since some are.
using Fields = std::map<std::string, base::Secret, std::less<>>;

/// Parses `a=1&b=2` as browsers write it (WHATWG URL, 5.1). Absent when an escape is malformed, or a name
/// occurs twice, which is ambiguous (RFC 6749, 3.1).
std::optional<Fields> parse_form(std::string_view text);

/// The string and boolean members of a JSON object, booleans as true and false. Absent when it is not an
/// object.
std::optional<Fields> parse_json_fields(std::string_view text);

/// The fields in the query of a URL that a user pastes; none when it has no query.
Fields fields_in_url(std::string_view url);

/// The value of a field, valid as long as `fields`; empty when there is no such field.
std::string_view value_of(const Fields& fields, std::string_view name);

/// An HTTP/1.1 request (RFC 9112) with the parts that a browser login needs.
struct BrowserRequest {
  std::string method;
  std::string path;  ///< as it was sent, without the query
  Fields fields;     ///< of the query of a GET, or of the body of a POST: a form, or JSON
  std::string host;  ///< lower case, with the port if there is one
  std::string origin;
  std::string
      requested_method;  ///< Access-Control-Request-Method of a pre-flight request (WHATWG Fetch, 4.8)
  std::string requested_headers;  ///< Access-Control-Request-Headers of a pre-flight request
  /// Sec-Fetch-Mode: `navigate` for a page that the user opens, other values for background requests, such as
  /// images and scripts (W3C Fetch Metadata, 2.2). Empty from old browsers.
  std::string fetch_mode;
  /// Sec-Fetch-Dest: `document` for a top-level page, `iframe` for one inside another page.
  std::string fetch_destination;
};

/// Why bytes are not a request.
enum class Unreadable {
  incomplete,  ///< more bytes are needed
  malformed,   ///< not valid, whatever follows
};

/// Parses the bytes that have arrived. Never throws: any program on this machine may send anything.
std::variant<BrowserRequest, Unreadable> parse_browser_request(std::string_view bytes);

/// Longer than any identity provider's assertion, and small enough to hold many of them in memory.
inline constexpr std::size_t max_browser_request = 256U << 10;

/// Whether a Host header is a loopback name or address, with or without a port. A request by DNS rebinding
/// has the name of the attacker's site instead.
bool names_loopback(std::string_view host);

}  // namespace ui
