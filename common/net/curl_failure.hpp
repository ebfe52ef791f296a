// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "net/libcurl.hpp"

namespace net {

/// A failed libcurl transfer.
struct CurlFailure {
  CURLcode code;
  std::string detail;  ///< libcurl's error message; may be empty
  std::string host;
  bool sent = false;      ///< the server may have received the request
  bool by_proxy = false;  ///< the request used a proxy
  int proxy_status = 0;   ///< the proxy's answer to CONNECT; 0 when there was none

  NoAnswer to_error() const;
};

}  // namespace net
