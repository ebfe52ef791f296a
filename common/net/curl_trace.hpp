// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/certificate_witness.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/trace.hpp"
#include "net/url.hpp"

namespace net {

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
