// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/certificate_witness.hpp"
#include "net/libcurl.hpp"
#include "net/trace.hpp"
#include "net/url.hpp"

namespace net {

/// Whom the environment names to go through.
struct ProxyChoice {
  std::string url;         ///< may hold a password; empty for none
  std::string variable;    ///< that named it
  std::string exceptions;  ///< no_proxy: hosts that are reached without it
};

/// Whether `exceptions` has the host, or a domain that it is in, as libcurl takes no_proxy for names.
bool is_excepted(std::string_view host, std::string_view exceptions);

/// Notes how one transfer of libcurl goes.
class CurlTrace {
public:
  /// Before it begins. `easy` and `trace` have to outlive this.
  CurlTrace(void* easy, const UrlParts& url, const ProxyChoice& proxy, Trace& trace);
  /// After it, with what libcurl returned and said.
  void end(CURLcode code, const std::string& detail);

private:
  Trace::Step step_of(CURLcode code) const;
  Trace::Trust trust_after(CURLcode code) const;

  void* easy_;
  Trace& trace_;
  CertificateWitness witness_;
};

}  // namespace net
