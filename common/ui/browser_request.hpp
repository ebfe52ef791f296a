// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/secret.hpp"

namespace ui {

/// Named values out of a query, a form or JSON. Some are secrets, so all are.
using Fields = std::map<std::string, base::Secret, std::less<>>;

/// The fields of `a=1&b=2` as browsers write forms (WHATWG URL, 5.1). Absent when an escape is cut off or no
/// number, or when a name comes twice: it is not known which of the two is meant (RFC 6749, 3.1).
std::optional<Fields> parse_form(std::string_view text);

/// The fields of a JSON object; true and false become text, and what is neither text nor that is left out.
/// Absent when it is no object.
std::optional<Fields> parse_json_fields(std::string_view text);

/// The fields of the query of a web address as a user pastes it; none when it has no query.
Fields fields_of_address(std::string_view address);

/// The value of a field, valid as long as `fields`; empty when it is absent.
std::string_view value_of(const Fields& fields, std::string_view name);

/// One request over HTTP/1.1, as far as a login in a browser needs it (RFC 9112).
struct BrowserRequest {
  std::string method;
  std::string path;  ///< as it was sent, without the query
  Fields fields;     ///< of the query of a GET, or of the body of a POST: a form, or JSON
  std::string host;  ///< lower case, with the port if one is named
  std::string origin;
  std::string asked_method;   ///< by a pre-flight request (WHATWG Fetch, 4.8)
  std::string asked_headers;  ///< by a pre-flight request
  /// Sec-Fetch-Mode: `navigate` for a page that is shown, something else for what a page fetches in the
  /// background, as an image or by a script (W3C Fetch Metadata, 2.2). Empty from old browsers.
  std::string fetch_mode;
  /// Sec-Fetch-Dest: `document` for a page that fills the window, `iframe` for one inside another page.
  std::string fetch_destination;
};

enum class Unreadable {
  incomplete,  ///< so far; more may come
  malformed,   ///< whatever comes
};

/// Reads what has arrived. Never throws: any program of this machine may send anything.
std::variant<BrowserRequest, Unreadable> parse_browser_request(std::string_view bytes);

/// Longer than any assertion of an identity provider, and short enough to be held for a crowd.
inline constexpr std::size_t max_browser_request = 256U << 10;

/// Whether a header Host names this machine, with or without a port. A page of a foreign site reaches a
/// listener on loopback under the site's own name (DNS rebinding), and is told by it.
bool names_loopback(std::string_view host);

}  // namespace ui
