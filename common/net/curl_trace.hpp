// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {

/// Records the issuer of a server's certificate during verification, because libcurl reports it for valid
/// certificates only. OpenSSL's verification and its result are unchanged.
class VerifyCallback {
public:
  /// For one transfer; both arguments must outlive it. Does nothing when libcurl does not use OpenSSL 3.
  VerifyCallback(void* easy, Trace& trace);

  /// X509_V_ERR_* of the last check (openssl-verification-options(1)).
  long verdict() const noexcept { return verdict_; }
  /// Whether the TLS handshake has begun, which libcurl does not distinguish from connecting.
  bool tls_began() const noexcept { return tls_began_; }

private:
  static int watch(void* easy, void* tls, void* callback);
  void record(void* checked);

  Trace& trace_;
  long verdict_ = 0;
  bool tls_began_ = false;
};

/// Records one libcurl transfer in a `Trace`.
class CurlTrace {
public:
  /// Create this before the transfer. `easy` and `trace` must outlive it.
  CurlTrace(void* easy, const UrlParts& url, const ProxyChoice& proxy, Trace& trace);
  /// Call this after the transfer, with libcurl's result and error message.
  void end(CURLcode code, const std::string& detail);

private:
  Trace::Step step_of(CURLcode code) const;
  Trace::Trust trust_after(CURLcode code) const;

  void* easy_;
  Trace& trace_;
  VerifyCallback verify_;
};

}  // namespace net
