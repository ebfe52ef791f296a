// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace net {

/// The steps of a request, and the one that failed: for `docker snowflake doctor`.
struct Trace {
  /// In their order.
  enum class Step { name, connection, proxy, tls, answer };
  std::optional<Step> broken;  ///< the step that failed; absent when there was an answer
  std::string words;           ///< libcurl's error message
  std::string address;         ///< IP address of the server or the proxy; empty without a connection

  std::string proxy;           ///< `host:port`; empty when there is no proxy
  std::string proxy_variable;  ///< the variable that it comes from
  int proxy_status = 0;        ///< its answer to CONNECT; 0 when there was none

  /// The result of verifying the certificate. Verification is the same without a trace.
  enum class Trust { unknown, trusted, unknown_authority, expired, not_yet_valid, other_host, refused };
  Trust trust = Trust::unknown;
  /// Name and organization of the authority that signed the certificate; empty when not known.
  std::string issuer;
  std::string expires;  ///< last day of the certificate, YYYY-MM-DD, UTC; empty when not known
};

}  // namespace net
