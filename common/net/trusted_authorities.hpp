// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"

namespace net {

/// Whom a client believes about certificates: those alone whom `REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`,
/// `CURL_CA_BUNDLE` or `SSL_CERT_DIR` name, else the system's.
class TrustedAuthorities {
public:
  explicit TrustedAuthorities(const base::Environment& environment) : environment_(environment) {}

  /// Lets libcurl make the transfer that `easy` was prepared for; its CURLcode.
  ///
  /// Reading all authorities of the system takes longer than all the rest: first only the one that is needed
  /// is looked for. A server that is not trusted that way has seen nothing yet, and is judged again by the
  /// whole list, in what is left until `end`.
  int perform(void* easy, const base::Deadline& end);

private:
  const base::Environment& environment_;
  bool needs_whole_list_ = false;  ///< the folder of authorities did not do
};

}  // namespace net
