// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace base {

/// Somebody pressed Ctrl-C or closed the terminal, or Docker asked the program to end. Not an `Error`: there
/// is nothing to explain.
class Interrupted final : public std::exception {
public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// From now on SIGINT, SIGTERM and SIGHUP are noted, and thrown as `Interrupted` from the next wait, instead
/// of ending the process at once. A second one does end it, and so does a second of waiting: what has to be
/// done before the end must be shorter.
void note_interruptions();

/// Throws `Interrupted` when one was noted.
void throw_if_interrupted();
bool was_interrupted() noexcept;

/// As long as it lives this thread may wait as if nothing had been noted: for what is to be done before the
/// end, such as telling a server to stop. Other threads are not affected.
class InterruptionShield {
public:
  InterruptionShield() noexcept;
  InterruptionShield(const InterruptionShield&) = delete;
  InterruptionShield& operator=(const InterruptionShield&) = delete;
  ~InterruptionShield();
};

}  // namespace base
