// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "net/url.hpp"

namespace net {

/// The name under which `proxy_for` finds the proxy of a connection, before the real variables.
inline constexpr const char* proxy_of_connection = "proxy_host of the connection";

/// The proxy of a request.
struct ProxyChoice {
  std::string url;       ///< may contain a password; empty when there is no proxy
  std::string variable;  ///< the variable that it comes from, or `proxy_of_connection`
  std::string no_proxy;  ///< servers that are reached without it, separated by commas or spaces

  /// Whether requests to a server use the proxy. `no_proxy` has the same syntax as for Docker
  /// (https://pkg.go.dev/golang.org/x/net/http/httpproxy): a domain with its subdomains, `.domain` or
  /// `*.domain` for the subdomains only, an address or a network (10.0.0.0/8), each with an optional port, or
  /// `*` for all.
  bool applies_to(const UrlParts& server) const;
  /// The URL with a scheme, which is http if it has none.
  std::string address() const { return url.find("://") == std::string::npos ? "http://" + url : url; }
  /// `host:port`, without user and password.
  std::string host_and_port() const;
  /// `the proxy host:port (https_proxy)`, for messages.
  std::string description() const { return "the proxy " + host_and_port() + " (" + variable + ")"; }
  /// Whether user or password contain /, ? or #, which end the host of a URL.
  bool has_unencoded_login() const;
  /// `text`, which may quote `url`, without the proxy's user and password.
  std::string without_login(std::string text) const;
};

/// The proxy for requests to `url`: the one of the connection, else `https_proxy`, `http_proxy` or
/// `all_proxy`, in lower or upper case. Loopback addresses and metadata services never have one.
ProxyChoice proxy_for(const base::Environment&, const UrlParts& url);

}  // namespace net
