// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "net/http.hpp"

namespace net {

/// How often, and for how long, requests are retried.
struct RetryPolicy {
  int max_attempts = 4;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds max_pause{8'000};
  /// No retry begins later than this after the first attempt of a request; absent: only the deadline counts.
  std::optional<std::chrono::milliseconds> retry_for = std::nullopt;
};

/// The result of one attempt.
struct Attempt {
  const HttpResponse* response = nullptr;  ///< null when there was no answer
  NoAnswer::Reason reason = NoAnswer::Reason::not_sent;
};

/// The `Retry-After` header in seconds, at most a day (RFC 9110, 10.2.3). A date is ignored, since it would
/// depend on the clocks of both machines.
std::optional<std::chrono::seconds> retry_after(const HttpResponse&);

/// How long to wait before the next attempt; absent when there must be none. `number` counts the attempts
/// from 1; `random` is in [0, 1). `Retry-After` is respected. A pure function.
std::optional<std::chrono::milliseconds> wait_before_retry(const RetryPolicy&, RetryMode, int number,
                                                           const Attempt&, double random);

/// Retries requests, as their `RetryMode` allows, after 408, 429, 5xx and lost connections, with
/// exponentially growing random pauses, until a pause would exceed the deadline.
class RetryingClient final : public HttpClient {
public:
  RetryingClient(HttpClient& next, base::Clock& clock, const base::Deadline& deadline,
                 std::function<double()> random, RetryPolicy policy = {});
  HttpResponse send(const HttpRequest&) override;

private:
  HttpClient& next_;
  base::Clock& clock_;
  base::Deadline deadline_;
  std::function<double()> random_;
  RetryPolicy policy_;
};

}  // namespace net
