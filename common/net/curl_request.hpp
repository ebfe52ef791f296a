// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "net/http.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

// Parts of a request with libcurl: options, headers, and the error when there is no answer.

namespace net {

/// Throws `config` unless libcurl has accepted an option.
void check_option(CURLcode);
/// Sets an option. Throws like `check_option`.
void set(void* easy, CURLoption option, auto value) { check_option(curl().easy_setopt(easy, option, value)); }

/// Texts for an option of libcurl, which does not copy them: this must outlive the transfer.
using TextList = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

/// The headers of a request. Throws `NoAnswer` for one with a control character, which could begin another
/// header or request.
TextList header_list(const std::vector<std::pair<std::string, std::string>>& headers,
                     const base::Secret& authorization);

/// TLS 1.2 or newer with verification, HTTP/1.1, no redirects, no signals; the timeout is for the whole
/// request.
void set_common_options(void* easy, std::chrono::milliseconds timeout);

/// Why there was no answer. `message` is libcurl's, and `proxy` the one that the environment has for the URL.
NoAnswer failure_of(void* easy, CURLcode code, const std::string& message, const UrlParts& url,
                    const ProxyChoice& proxy);

/// The status of the last response; 0 when there was none.
int status_of(void* easy);

/// A failed libcurl transfer.
struct CurlFailure {
  CURLcode code;
  std::string detail;  ///< libcurl's error message; may be empty
  std::string host;
  bool sent = false;       ///< the server may have received the request
  ProxyChoice proxy = {};  ///< the proxy that the request used, if any
  int proxy_status = 0;    ///< the proxy's answer to CONNECT; 0 when there was none

  /// The error for users, with a next step.
  NoAnswer to_error() const;
};

}  // namespace net
