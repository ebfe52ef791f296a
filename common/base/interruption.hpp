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
/// of ending the process where it stands. A second one does end it.
void note_interruptions();

/// Throws `Interrupted` when one was noted.
void throw_if_interrupted();
bool was_interrupted() noexcept;
/// For what is to be done before the end: it may wait again.
void forget_interruption() noexcept;

}  // namespace base
