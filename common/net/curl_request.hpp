// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.hpp"
#include "base/secret.hpp"
#include "net/http.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

// What `CurlClient` and `TransferClient` share: security options, the proxy, headers, and error messages.

namespace net {

/// Throws `config` unless libcurl has accepted an option.
void check_option(CURLcode);
/// Sets an option. Throws like `check_option`.
void set(void* easy, CURLoption option, auto value) { check_option(curl().easy_setopt(easy, option, value)); }

/// The headers of a request for libcurl, which does not copy them: this must outlive the transfer. Throws
/// `NoAnswer` for a header with a control character, which could begin another header or request.
class HeaderList {
public:
  HeaderList(const std::vector<std::pair<std::string, std::string>>& headers,
             const base::Secret& authorization);
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl().slist_free_all(list_); }

  /// Sends the body without waiting for "100 Continue".
  void send_body_at_once() { append("Expect:"); }
  curl_slist* list() const { return list_; }

private:
  void add(const std::string& name, std::string_view value);
  void append(const char* line);

  curl_slist* list_ = nullptr;
};

/// Throws `NoAnswer` unless the URL is https, or http to a loopback address or, if allowed, to the machine's
/// metadata service.
void require_tls(const UrlParts& url, bool to_metadata_service = false);

/// TLS 1.2 or newer with verification, HTTP/1.1, no redirects, no signals; the timeout is for the whole
/// request.
void set_common_options(void* easy, std::chrono::milliseconds timeout);

/// Sets the proxy that the environment has for a URL, if any, and returns it.
ProxyChoice set_proxy(void* easy, const base::Environment&, const UrlParts& url);

/// Adds a header line of a response to `headers`, with its name in lower case. A status line clears them: the
/// headers of a proxy's answer to CONNECT, and of "100 Continue", come first.
void add_header_line(std::map<std::string, std::string, std::less<>>& headers, std::string_view line);

/// Masks the token or password at the end of `Bearer <token>`, `Snowflake Token="<token>"` or the like in
/// everything that is printed from now on.
void mask_credential_in(const base::Secret& authorization);

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
