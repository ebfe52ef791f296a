// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace net {

/// How a request came to its answer, or where on its way it stopped: for `docker snowflake doctor`.
struct Trace {
  /// In the order of the way.
  enum class Step { name, connection, proxy, tls, answer };
  std::optional<Step> broken;  ///< absent when there was an answer
  std::string words;           ///< libcurl's, about what broke
  std::string address;         ///< of the other side, or of the proxy; empty without a connection

  std::string proxy;           ///< `host:port`, never with a password; empty without one
  std::string proxy_variable;  ///< that names it
  int proxy_status = 0;        ///< its answer to CONNECT; 0 when there was none

  /// What came of checking the certificate. The checks are the same without a trace.
  enum class Trust { unknown, trusted, unknown_authority, expired, not_yet_valid, other_host, refused };
  Trust trust = Trust::unknown;
  std::string
      issuer;  ///< organization and name of the authority that signed the certificate; empty when not known
  std::string expires;  ///< its last day, YYYY-MM-DD, UTC; empty when not known
};

}  // namespace net
