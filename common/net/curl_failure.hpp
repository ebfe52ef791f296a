// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "net/libcurl.hpp"

namespace net {

/// What a transfer that libcurl ended with `code` is for whoever asked.
struct CurlFailure {
  CURLcode code;
  std::string detail;  ///< libcurl's own words; may be empty
  std::string host;
  bool sent = false;      ///< something of the request left this machine
  bool by_proxy = false;  ///< a proxy was to be asked

  NoAnswer to_error() const;
};

}  // namespace net
