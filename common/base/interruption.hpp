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

/// Installs handlers for SIGINT, SIGTERM and SIGHUP. From then on, a signal does not end the process at once:
/// the next wait throws `Interrupted` instead. The process ends after one second, which cleanup must not
/// exceed, or when a second signal arrives.
void handle_interruptions();

/// Throws `Interrupted` when a signal has arrived.
void throw_if_interrupted();
/// Whether a signal has arrived. False in a shielded thread.
bool was_interrupted() noexcept;
/// A descriptor that becomes readable when a signal arrives, and stays readable, so that a poll(2) that
/// includes it returns at once, in every thread. -1, which poll ignores, before `handle_interruptions` and in
/// a shielded thread.
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
