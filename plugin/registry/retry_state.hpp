// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "registry/reply.hpp"

namespace plugin::registry {

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
