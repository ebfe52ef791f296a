// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include <algorithm>
#include <charconv>

namespace net {
namespace {

/// The server said so itself: nothing was done.
bool refused_unprocessed(int status) { return status == 429 || status == 503; }

bool may_pass(int status) { return status == 408 || status == 429 || status >= 500; }

bool worth_repeating(RetryMode retry_mode, const Outcome& outcome) {
  if (outcome.response != nullptr) {
    const int status = outcome.response->status;
    return retry_mode == RetryMode::only_if_not_processed ? refused_unprocessed(status) : may_pass(status);
  }
  if (outcome.reason == NoAnswer::Reason::final || retry_mode == RetryMode::if_answered) return false;
  return retry_mode == RetryMode::always || outcome.reason == NoAnswer::Reason::not_sent;
}

/// RFC 9110, 10.2.3. The other form, a date, would trust two clocks; it counts as none.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  const std::string& text = header->second;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

std::optional<std::chrono::milliseconds> wait_before_retry(const RetryPolicy& policy, RetryMode retry_mode,
                                                           int attempt, const Outcome& outcome,
                                                           double random) {
  if (attempt >= policy.attempts || !worth_repeating(retry_mode, outcome)) return std::nullopt;
  const auto longest = std::min(policy.most, policy.first * (1 << std::min(attempt - 1, 20)));
  // Half of the pause is random: many builds start at the same full hour.
  const std::chrono::milliseconds pause{
      static_cast<std::int64_t>(static_cast<double>(longest.count()) * (0.5 + random / 2))};
  if (outcome.response == nullptr) return pause;
  const auto asked = retry_after(*outcome.response);
  return asked ? std::max<std::chrono::milliseconds>(*asked, pause) : pause;
}

RetryingClient::RetryingClient(HttpClient& next, base::Clock& clock, const base::Deadline& deadline,
                               std::function<double()> random, RetryPolicy policy)
    : next_(next), clock_(clock), deadline_(deadline), random_(std::move(random)), policy_(policy) {}

HttpResponse RetryingClient::send(const HttpRequest& first) {
  HttpRequest request = first;
  const auto retry_for = request.retry_for ? request.retry_for : policy_.retry_for;
  const auto retries_end = retry_for ? deadline_.within(*retry_for) : deadline_;
  for (int attempt = 1;; ++attempt) {
    const auto pause_after = [&](const Outcome& outcome) {
      auto pause = wait_before_retry(policy_, request.retry_mode, attempt, outcome, random_());
      if (pause && *pause >= retries_end.left()) pause.reset();
      return pause;
    };
    std::optional<std::chrono::milliseconds> pause;
    int status = 0;
    try {
      auto response = next_.send(request);
      pause = pause_after({&response});
      if (!pause) return response;
      status = response.status;
    } catch (const NoAnswer& failure) {
      pause = pause_after({nullptr, failure.reason()});
      if (!pause) throw;
    }
    clock_.sleep(*pause);
    if (request.before_retry) request.before_retry(request, attempt + 1, status);
  }
}

}  // namespace net
