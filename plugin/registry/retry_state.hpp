// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/http.hpp"

namespace plugin::registry {

/// What a client reads from a registry's response (distribution specification, 1.1).
struct Reply {
  int status = 0;                         ///< 0 when there was no response
  std::string location;                   ///< header Location, as received
  std::optional<std::uint64_t> received;  ///< bytes of an upload that the registry has (header Range)
  std::uint64_t min_chunk = 0;            ///< header OCI-Chunk-Min-Length
  std::optional<std::chrono::seconds> retry_after;
  std::string code;                 ///< of the first error: DENIED, BLOB_UPLOAD_UNKNOWN, ...
  std::string message;              ///< for an error message
  std::string hint;                 ///< the next step, when there was no response
  std::string digest;               ///< header Docker-Content-Digest
  bool insufficient_scope = false;  ///< the bearer token is valid, but not for this
  bool is_final = false;            ///< no response, and a retry cannot help

  static Reply of(const net::HttpResponse&);
  static Reply of(const net::NoAnswer&);
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

/// Throws the error for a request that is not retried: `denied` if the registry denied it to this role, else
/// `network`. `what` is what was being done: "upload layer 5f70bf18a086".
[[noreturn]] void throw_failure(const Reply&, const std::string& what);

/// Decides about the retries of a request, or of the steps of an upload: after a broken connection, a refused
/// token, a busy or a failing registry, for as long as there is progress. Pure: time and random numbers are
/// passed in.
class RetryState {
public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Renewal { none, bearer, session_token };
  struct Backoff {
    std::chrono::milliseconds wait{0};
    Renewal renewal = Renewal::none;
  };

  /// The time without progress, from the first failure on, after which there is no further retry. A chunk
  /// that takes longer on a slow connection is not a failure. Waits that the registry requests
  /// (`Retry-After`) do not count, up to `max_requested_wait` in total.
  static constexpr std::chrono::minutes max_stall{5};
  static constexpr std::chrono::hours max_requested_wait{1};

  explicit RetryState(Time now) : stalled_since_(now) {}

  /// Whether a retry can help: no response, 401, 408, 429, 5xx.
  static bool may_retry(const Reply&);
  /// Whether the registry denied the request to this role, which is never retried.
  static bool is_denied(const Reply&);
  /// How long to wait before the next attempt, and what to renew for it. `random` is in [0, 1). Throws as
  /// `throw_failure`, and when there were too many refusals or no progress for too long.
  Backoff next_retry(const Reply&, Time now, double random, const std::string& what);
  /// More bytes have arrived, at the registry or here.
  void made_progress();
  /// The registry accepted the token.
  void token_accepted() { refusals_ = 0; }

private:
  Time stalled_since_;                           ///< the first failure after the last progress
  bool is_failing_ = false;                      ///< since then
  std::chrono::milliseconds requested_wait_{0};  ///< by the registry, since then
  int failures_ = 0;                             ///< since the last progress
  int refusals_ = 0;                             ///< of the token, since the last progress
};

}  // namespace plugin::registry
