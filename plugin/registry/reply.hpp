// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/http.hpp"

namespace plugin::registry {

/// The next step after a response that a registry does not send.
inline constexpr const char* other_server_hint = "check the host, and whether a proxy or a VPN is in between";

/// Status and message of a response that reports a failure: "HTTP status 404, repository name not known".
std::string failure_text(const net::HttpResponse&);

/// What a client reads from a registry's response (distribution specification, 1.1).
struct Reply {
  int status = 0;                         ///< 0 when there was no response
  std::string location;                   ///< header Location; absolute, except in a reply to PUT
  std::optional<std::uint64_t> received;  ///< bytes of an upload that the registry has (header Range)
  std::uint64_t min_chunk = 0;            ///< header OCI-Chunk-Min-Length
  std::optional<std::chrono::seconds> retry_after;
  std::string code;                 ///< of the first error: DENIED, BLOB_UPLOAD_UNKNOWN, ...
  std::string message;              ///< for an error message
  std::string hint;                 ///< the next step, when the registry did not respond itself
  std::string digest;               ///< header Docker-Content-Digest
  bool insufficient_scope = false;  ///< the bearer token is valid, but not for this
  bool is_final = false;            ///< no response, and a retry cannot help
  bool is_elsewhere = false;        ///< of another host, to which the registry redirected the request

  static Reply of(const net::HttpResponse&);
  static Reply of(const net::NoAnswer&);

  /// Whether a retry can help: no response, 401, 408, 429, 5xx.
  bool may_retry() const;
  /// Whether the registry denied the request to this role, which is never retried.
  bool is_denied() const;
};

/// There is no bearer token at the moment, because the registry or its token server is busy or failing: a
/// retry can help.
class BearerUnavailable final : public net::NoAnswer {
public:
  BearerUnavailable(const std::string& host, const net::HttpResponse&);
  std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }

private:
  std::optional<std::chrono::seconds> retry_after_;
};

/// Throws `BearerUnavailable` if `host` responded to a request for a bearer token with 408, 429 or 5xx.
void throw_if_unavailable(const std::string& host, const net::HttpResponse&);

/// The error of a request that the registry denied to this role. `what` is what was being done: "upload layer
/// 5f70bf18a086".
base::Error denied(const Reply&, const std::string& what);
/// Throws the error of a request that is not retried: `denied`, or `network`.
[[noreturn]] void throw_failure(const Reply&, const std::string& what);

}  // namespace plugin::registry
