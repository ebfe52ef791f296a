// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <poll.h>

#include <algorithm>
#include <ctime>

#include "base/interruption.hpp"

namespace base {

TimePoint SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::steady() const { return std::chrono::steady_clock::now(); }

void SystemClock::sleep(std::chrono::milliseconds duration) {
  const timespec time{.tv_sec = duration.count() / 1000, .tv_nsec = duration.count() % 1000 * 1'000'000};
  pollfd interruption{interruption_descriptor(), POLLIN, 0};
  ppoll(&interruption, 1, &time, nullptr);
  throw_if_interrupted();
}

Deadline Deadline::within(std::chrono::milliseconds timeout) const {
  Deadline earlier = *this;
  earlier.end_ = std::min(end_, clock_->steady() + timeout);
  return earlier;
}

std::chrono::milliseconds Deadline::left() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - clock_->steady());
  return std::max(left, std::chrono::milliseconds::zero());
}

}  // namespace base
