// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/curl_handle.hpp"
#include "net/http.hpp"
#include "net/trusted_authorities.hpp"

namespace net {

/// An HTTP client based on libcurl, which is loaded with the first request. Keeps its connection between
/// requests. Each thread needs its own.
///
/// Certificates and host names are always verified, against the system's certificate authorities or, if they
/// are set, those in `SSL_CERT_FILE`, `SSL_CERT_DIR`, `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`. Plain `http`
/// is allowed only to loopback addresses, and to the machine's metadata service when the request says so. All
/// other requests use the proxy in the environment (`https_proxy`, `all_proxy`, `no_proxy`, in lower or upper
/// case).
class CurlClient final : public HttpClient {
public:
  /// Every request ends by `deadline`, whatever its timeout, and with `Interrupted` when `stop` becomes true.
  /// Connecting takes ten seconds at most.
  CurlClient(const base::Environment&, const base::Deadline& deadline,
             const std::atomic<bool>* stop = nullptr);

  HttpResponse send(const HttpRequest&) override;

private:
  const base::Environment& environment_;
  TrustedAuthorities authorities_;
  base::Deadline deadline_;
  const std::atomic<bool>* stop_;
  CurlHandle handle_;
};

}  // namespace net
