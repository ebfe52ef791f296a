// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace net {
namespace {

constexpr int max_attempts = 4;
constexpr std::chrono::milliseconds first_pause{500};
constexpr std::chrono::milliseconds max_pause{8'000};
/// A server that asks for more is not waited for: the user gets its answer instead of a command that hangs.
constexpr std::chrono::seconds max_requested_pause{60};

/// Whether the status says that the server did not process the request.
bool is_not_processed(int status) { return status == 429 || status == 503; }

bool should_retry(RetryMode retry_mode, const Attempt& attempt) {
  if (attempt.response != nullptr) {
    const int status = attempt.response->status;
    return retry_mode == RetryMode::only_if_not_processed ? is_not_processed(status) : is_transient(status);
  }
  if (attempt.reason == NoAnswer::Reason::final || retry_mode == RetryMode::if_answered) return false;
  return retry_mode == RetryMode::always || attempt.reason == NoAnswer::Reason::not_sent;
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  const auto seconds = base::whole_number(response.header("retry-after"));
  constexpr std::chrono::seconds max_wait = std::chrono::hours{24};
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::min(std::chrono::seconds{*seconds}, max_wait);
}

bool is_transient(int status) { return status == 408 || status == 429 || status >= 500; }

std::chrono::milliseconds pause_before_retry(std::chrono::milliseconds first, std::chrono::milliseconds max,
                                             int failures, double random) {
  const auto full = std::min(max, first * (1 << std::min(failures - 1, 10)));
  return std::chrono::milliseconds{
      static_cast<std::int64_t>(static_cast<double>(full.count()) * (0.5 + random / 2))};
}

std::optional<std::chrono::milliseconds> wait_before_retry(RetryMode retry_mode, int number,
                                                           const Attempt& attempt, double random) {
  if (number >= max_attempts || !should_retry(retry_mode, attempt)) return std::nullopt;
  const auto pause = pause_before_retry(first_pause, max_pause, number, random);
  if (attempt.response == nullptr) return pause;
  const auto requested = retry_after(*attempt.response);
  if (requested && *requested > max_requested_pause) return std::nullopt;
  return requested ? std::max<std::chrono::milliseconds>(*requested, pause) : pause;
}

RetryingClient::RetryingClient(HttpClient& next, base::Clock& clock, const base::Deadline& deadline,
                               std::function<double()> random,
                               std::optional<std::chrono::milliseconds> retry_for)
    : next_(next), clock_(clock), deadline_(deadline), random_(std::move(random)), retry_for_(retry_for) {}

HttpResponse RetryingClient::send(const HttpRequest& first) {
  HttpRequest request = first;
  const auto retry_for = request.retry_for ? request.retry_for : retry_for_;
  const auto retries_end = retry_for ? deadline_.within(*retry_for) : deadline_;
  for (int number = 1;; ++number) {
    const auto pause_after = [&](const Attempt& attempt) {
      auto pause = wait_before_retry(request.retry_mode, number, attempt, random_());
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
    if (request.before_retry) request.before_retry(request, number + 1, status);
  }
}

}  // namespace net
