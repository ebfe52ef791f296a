// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "net/http.hpp"

namespace net {

struct RetryPolicy {
  int attempts = 4;
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds most{8'000};
  /// No retry begins later than this after the first attempt of a request; absent: the deadline decides.
  std::optional<std::chrono::milliseconds> retry_for = std::nullopt;
};

/// What became of one attempt.
struct Outcome {
  const HttpResponse* response = nullptr;  ///< none when there was no answer
  NoAnswer::Reason reason = NoAnswer::Reason::not_sent;
};

/// How long to wait before trying again, or nothing to give up. `attempt` counts from 1; `random` is in [0,
/// 1). `Retry-After` in seconds is obeyed (RFC 9110, 10.2.3). Pure: the table of its cases is its
/// specification.
std::optional<std::chrono::milliseconds> wait_before_retry(const RetryPolicy&, RetryMode, int attempt,
                                                           const Outcome&, double random);

/// Sends again what may be sent again: 408, 429, 5xx and lost connections, with growing and random pauses, as
/// long as the deadline leaves room for the pause.
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
