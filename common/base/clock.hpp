// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace base {

/// Wall-clock time in whole seconds, UTC: for times that are stored or sent.
using TimePoint = std::chrono::sys_seconds;

/// The machine's wall clock and monotonic clock, and waiting. Tests use a fake one.
class Clock {
public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  /// Monotonic, and meaningless to other processes: for deadlines.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
  /// Throws `Interrupted` when the user interrupts the wait (`interruption.hpp`).
  virtual void sleep(std::chrono::milliseconds) = 0;
};

/// The clocks of the operating system.
class SystemClock final : public Clock {
public:
  TimePoint now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  void sleep(std::chrono::milliseconds) override;
};

/// The time by which an operation must end.
class Deadline {
public:
  Deadline(const Clock& clock, std::chrono::milliseconds timeout)
      : clock_(&clock), end_(clock.steady() + timeout) {}

  /// `timeout` from now, or this deadline if that is earlier.
  [[nodiscard]] Deadline within(std::chrono::milliseconds timeout) const;
  /// The time that is left, never negative.
  std::chrono::milliseconds left() const;
  bool expired() const { return left() == std::chrono::milliseconds::zero(); }

private:
  const Clock* clock_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace base
