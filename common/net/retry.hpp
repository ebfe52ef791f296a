// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "net/http.hpp"

namespace net {

/// The result of one attempt.
struct Attempt {
  const HttpResponse* response = nullptr;  ///< null when there was no answer
  NoAnswer::Reason reason = NoAnswer::Reason::not_sent;
};

/// The `Retry-After` header in seconds, at most a day (RFC 9110, 10.2.3). A date is ignored, since it would
/// depend on the clocks of both machines.
std::optional<std::chrono::seconds> retry_after(const HttpResponse&);

/// Whether the status tells of a failure that may be over soon: 408, 429, 5xx.
bool is_transient(int status);

/// A pause that doubles with each failure, `failures` counting from 1. Half of it is random (`random` is in
/// [0, 1)), so that many clients do not retry at the same moment.
std::chrono::milliseconds pause_before_retry(std::chrono::milliseconds first, std::chrono::milliseconds max,
                                             int failures, double random);

/// How long to wait before the next attempt; absent when there must be none. `number` counts the attempts
/// from 1. `Retry-After` is respected, but not for more than a minute: then there is no other
/// attempt. A pure function.
std::optional<std::chrono::milliseconds> wait_before_retry(RetryMode, int number, const Attempt&,
                                                           double random);

/// Retries requests, as their `RetryMode` allows, after 408, 429, 5xx and lost connections, with
/// exponentially growing random pauses, until a pause would exceed the deadline.
class RetryingClient final : public HttpClient {
public:
  /// No retry begins later than `retry_for` after the first attempt of a request; absent: only the deadline
  /// counts.
  RetryingClient(HttpClient& next, base::Clock& clock, const base::Deadline& deadline,
                 std::function<double()> random,
                 std::optional<std::chrono::milliseconds> retry_for = std::nullopt);
  HttpResponse send(const HttpRequest&) override;

private:
  HttpClient& next_;
  base::Clock& clock_;
  base::Deadline deadline_;
  std::function<double()> random_;
  std::optional<std::chrono::milliseconds> retry_for_;
};

}  // namespace net
