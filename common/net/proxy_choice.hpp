// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "net/url.hpp"

namespace net {

/// The proxy that the environment names.
struct ProxyChoice {
  std::string url;         ///< may hold a password; empty for none
  std::string variable;    ///< that named it
  std::string exceptions;  ///< no_proxy: hosts that are reached without it

  /// Whether requests to a server go through it. The exceptions are read as Docker reads them
  /// (https://pkg.go.dev/golang.org/x/net/http/httpproxy): a host with the domains below it, `.domain` or
  /// `*.domain` for those below it only, an address, a network (10.0.0.0/8), each with a port or without, or
  /// `*` for all.
  bool serves(const UrlParts& server) const;
  /// The URL with its scheme, which may be left out: http.
  std::string address() const { return url.find("://") == std::string::npos ? "http://" + url : url; }
  /// Where it is, without the user and the password that may stand in front.
  std::string place() const;
  /// `text`, which may quote `url`, without its user and password.
  std::string without_login(std::string text) const;
};

/// The proxy for requests to `url`: `https_proxy`, `http_proxy` or `all_proxy`, in either case. There is none
/// for loopback addresses and for metadata services.
ProxyChoice proxy_for(const base::Environment&, const UrlParts& url);

}  // namespace net
