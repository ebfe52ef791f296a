// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace base {

/// Wall-clock time in whole seconds, UTC. What is written down for another process uses this.
using TimePoint = std::chrono::sys_seconds;

/// The two clocks of a machine, and timeout. Tests bring one that moves by hand.
class Clock {
public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  /// Never steps and means nothing to another process: for deadlines.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
  /// Throws `Interrupted` when a person does not want to wait (`interruption.hpp`).
  virtual void sleep(std::chrono::milliseconds) = 0;
};

class SystemClock final : public Clock {
public:
  TimePoint now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  void sleep(std::chrono::milliseconds) override;
};

/// The moment after which there is no point in going on.
class Deadline {
public:
  Deadline(const Clock& clock, std::chrono::milliseconds timeout)
      : clock_(&clock), end_(clock.steady() + timeout) {}

  /// The end of at most `timeout`, from now, within this.
  Deadline within(std::chrono::milliseconds timeout) const;
  /// What is left, never negative.
  std::chrono::milliseconds left() const;
  bool over() const { return left() == std::chrono::milliseconds::zero(); }

private:
  const Clock* clock_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace base
