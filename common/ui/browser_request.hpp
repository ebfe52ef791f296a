// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ui/form_fields.hpp"

namespace ui {

/// One request over HTTP/1.1, as far as somebody who waits for a browser cares (RFC 9112).
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

/// Reads what has arrived. Never throws: whoever is on this machine may send anything.
std::variant<BrowserRequest, Unreadable> parse_browser_request(std::string_view bytes);

/// Longer than any proof of an identity provider, and short enough to be held for a crowd.
inline constexpr std::size_t max_browser_request = 256U << 10;

/// Whether a header Host names this machine, with or without a port. A page of a foreign site reaches a
/// listener on loopback under the site's own name (DNS rebinding), and is told by it.
bool names_loopback(std::string_view host);

}  // namespace ui
