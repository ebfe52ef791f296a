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

/// What the requests of `CurlClient` and of `TransferClient` have in common: how they are secured, which
/// proxy they use, how headers are written and read, and what a failure means.

namespace net {

/// Throws `config` when libcurl does not accept an option.
void check_option(CURLcode);
void set(void* easy, CURLoption option, auto value) { check_option(curl().easy_setopt(easy, option, value)); }

/// The headers of a request, as libcurl wants them. Throws `NoAnswer` for one with a control character, which
/// could end it and begin another header or request. libcurl copies nothing: this must outlive the transfer.
class HeaderList {
public:
  HeaderList(const std::vector<std::pair<std::string, std::string>>& headers,
             const base::Secret& authorization);
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl().slist_free_all(list_); }

  /// No pause for "100 Continue" before a body.
  void send_body_at_once() { append("Expect:"); }
  curl_slist* list() const { return list_; }

private:
  void add(const std::string& name, std::string_view value);
  void append(const char* line);

  curl_slist* list_ = nullptr;
};

/// Throws `NoAnswer` unless the URL is https, or http to a loopback address or, where that is allowed, to a
/// metadata service of the machine.
void refuse_unencrypted(const UrlParts& url, bool to_metadata_service = false);

/// TLS 1.2 or newer with verification, HTTP/1.1, no redirects, no signals; the timeout is for the whole
/// request.
void set_common_options(void* easy, std::chrono::milliseconds timeout);

/// The proxy that the environment has for a URL, or none.
ProxyChoice set_proxy(void* easy, const base::Environment&, const UrlParts& url);

/// Adds a line of a response's head to `headers`, names in lower case. A new status line clears them: the
/// heads of a proxy's answer to CONNECT, and of "100 Continue", come first.
void take_header(std::map<std::string, std::string, std::less<>>& headers, std::string_view line);

/// Masks the token or password at the end of `Bearer <token>`, `Snowflake Token="<token>"` or the like in
/// whatever is printed from now on.
void mask_credential_in(const base::Secret& authorization);

/// Why there was no answer. `message`: libcurl's. `proxy`: the one that the environment has for the URL.
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

  NoAnswer to_error() const;
};

}  // namespace net
