// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {

/// Records one libcurl transfer in a `Trace`. It also records the issuer of the server's certificate during
/// verification, because libcurl reports it for valid certificates only; OpenSSL's verification and its
/// result are unchanged.
class CurlTrace {
public:
  /// Create this before the transfer. `easy` and `trace` must outlive it.
  CurlTrace(void* easy, const UrlParts& url, const ProxyChoice& proxy, Trace& trace);
  CurlTrace(const CurlTrace&) = delete;
  CurlTrace& operator=(const CurlTrace&) = delete;
  /// Call this after the transfer, with libcurl's result and error message.
  void end(CURLcode code, const std::string& detail);

private:
  static int watch_verification(void* easy, void* tls, void* self);
  void record_certificate(void* checked);
  Trace::Step step_of(CURLcode code) const;
  Trace::Trust trust_after(CURLcode code) const;

  void* easy_;
  Trace& trace_;
  long verdict_ = 0;        ///< X509_V_ERR_* of the last check (openssl-verification-options(1))
  bool tls_began_ = false;  ///< the TLS handshake, which libcurl does not distinguish from connecting
};

}  // namespace net
