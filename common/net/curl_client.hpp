// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/http.hpp"
#include "net/trusted_authorities.hpp"

namespace net {

/// HTTP over libcurl, which is opened with the first request. Keeps its connection between requests.
///
/// Certificates and host names are always verified, against the system's authorities or instead those that
/// `SSL_CERT_FILE`, `SSL_CERT_DIR`, `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE` name. Plain `http` goes to
/// loopback addresses only, and to a metadata service of the machine when a request says so. Proxies are
/// those of the environment (`https_proxy`, `all_proxy`, `no_proxy`, in either case), for everybody but
/// these.
class CurlClient final : public HttpClient {
public:
  /// Nothing takes longer than `deadline`, whatever the timeout of a request; no connection longer than ten
  /// seconds.
  CurlClient(const base::Environment&, const base::Deadline& deadline);
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  HttpResponse send(const HttpRequest&) override;

private:
  void reset_handle();

  const base::Environment& environment_;
  TrustedAuthorities authorities_;
  base::Deadline deadline_;
  void* easy_ = nullptr;
};

}  // namespace net
