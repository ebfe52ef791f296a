// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "net/url.hpp"

namespace net {

/// Whom the environment names to go through.
struct ProxyChoice {
  std::string url;         ///< may hold a password; empty for none
  std::string variable;    ///< that named it
  std::string exceptions;  ///< no_proxy: hosts that are reached without it

  /// Whether requests to `host` go through it: not when the exceptions have the host, or a domain that it is
  /// in, as libcurl takes no_proxy for names.
  bool serves(std::string_view host) const;
  /// Where it is, without the user and the password that may stand in front.
  std::string place() const;
  /// `text`, which may quote `url`, without its user and password.
  std::string without_login(std::string text) const;
};

/// The proxy for requests to `url`: `https_proxy`, `http_proxy` or `all_proxy`, in either case. There is none
/// for loopback addresses and for metadata services.
ProxyChoice proxy_for(const base::Environment&, const UrlParts& url);

}  // namespace net
