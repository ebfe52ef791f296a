// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/trace.hpp"
#include "net/url.hpp"

namespace net {

/// Notes who signed the certificate of a server while libcurl has it checked, which libcurl itself tells of
/// certificates that pass only. The check stays OpenSSL's own, and its verdict what it is.
class VerifyCallback {
public:
  /// For one transfer; both must outlive it. Does nothing where libcurl uses another library than
  /// OpenSSL 3.
  VerifyCallback(void* easy, Trace& trace);

  /// X509_V_ERR_* of the last check (openssl-verification-options(1)).
  long verdict() const noexcept { return verdict_; }
  /// There was a connection, and TLS began, which libcurl counts as part of connecting.
  bool tls_began() const noexcept { return tls_began_; }

private:
  static int watch(void* easy, void* tls, void* witness);
  void note(void* checked);

  Trace& trace_;
  long verdict_ = 0;
  bool tls_began_ = false;
};

/// Notes how one transfer of libcurl goes.
class CurlTrace {
public:
  /// Before it begins. `easy` and `trace` must outlive this.
  CurlTrace(void* easy, const UrlParts& url, const ProxyChoice& proxy, Trace& trace);
  /// After it, with what libcurl returned and said.
  void end(CURLcode code, const std::string& detail);

private:
  Trace::Step step_of(CURLcode code) const;
  Trace::Trust trust_after(CURLcode code) const;

  void* easy_;
  Trace& trace_;
  VerifyCallback verify_;
};

}  // namespace net
