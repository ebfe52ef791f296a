// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace base {

/// The user pressed Ctrl-C or closed the terminal, or Docker told the program to end. Not an `Error`: there
/// is nothing to explain.
class Interrupted final : public std::exception {
public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// From now on SIGINT, SIGTERM and SIGHUP do not end the process at once: the next wait throws `Interrupted`
/// instead. A second signal ends the process, and so does one second without its end: cleaning up must be
/// faster.
void note_interruptions();

/// Throws `Interrupted` when a signal has arrived.
void throw_if_interrupted();
bool was_interrupted() noexcept;
/// Becomes readable when a signal arrives, and stays so: a wait in poll(2) for something else ends at once,
/// in every thread. -1, which poll ignores, where there is nothing to wait for: before `note_interruptions`,
/// or in a shielded thread.
int interruption_descriptor() noexcept;

/// While it exists, this thread may wait although a signal has arrived: for cleaning up, such as telling a
/// server to stop. Other threads are not affected.
class InterruptionShield {
public:
  InterruptionShield() noexcept;
  InterruptionShield(const InterruptionShield&) = delete;
  InterruptionShield& operator=(const InterruptionShield&) = delete;
  ~InterruptionShield();
};

}  // namespace base
