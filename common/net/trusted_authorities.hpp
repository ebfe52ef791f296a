// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/curl_handle.hpp"

namespace net {

/// The certificate authorities that a client trusts: only those in `REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`,
/// `CURL_CA_BUNDLE` or `SSL_CERT_DIR` if one of them is set, else the system's.
class TrustedAuthorities {
public:
  explicit TrustedAuthorities(const base::Environment& environment) : environment_(environment) {}

  /// Performs the transfer that `handle` was prepared for, as `CurlHandle::perform` does.
  ///
  /// Reading all of the system's authorities takes longer than the rest of the request, so the first attempt
  /// looks up only the ones it needs. If the server is not trusted that way, it has not received anything
  /// yet, and a second attempt uses the whole list in the time that is left until `end`.
  int perform(CurlHandle& handle, const base::Deadline& end, const std::atomic<bool>* stop = nullptr);

private:
  const base::Environment& environment_;
  bool needs_whole_list_ = false;  ///< the directory of authorities was not enough
};

}  // namespace net
