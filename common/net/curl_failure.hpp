// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "net/libcurl.hpp"

namespace net {

/// What a transfer that libcurl ended with `code` is for the caller.
struct CurlFailure {
  CURLcode code;
  std::string detail;  ///< libcurl's own words; may be empty
  std::string host;
  bool sent = false;      ///< the other side may have seen something of the request
  bool by_proxy = false;  ///< a proxy was to be asked
  int proxy_status = 0;   ///< what the proxy answered when it was asked to connect; 0 for nothing

  NoAnswer to_error() const;
};

}  // namespace net
