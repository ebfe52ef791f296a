// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace base {
namespace {

// Lock-free, so that a signal handler may set it.
std::atomic<bool> noted{false};
thread_local int shields = 0;

/// The time for cleaning up, after which the process ends: a library may wait for much longer.
constexpr unsigned grace_period_seconds = 1;

void end(int) { _exit(130); }

void note(int) {
  noted = true;
  struct sigaction action {};
  action.sa_handler = &end;
  sigaction(SIGALRM, &action, nullptr);
  alarm(grace_period_seconds);
}

}  // namespace

void note_interruptions() {
  struct sigaction action {};
  action.sa_handler = &note;
  // Without SA_RESTART, so that waits end early; the next signal is fatal again.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    // Signals that nohup, or a shell without job control, ignores stay ignored.
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

bool was_interrupted() noexcept { return noted && shields == 0; }

void throw_if_interrupted() {
  if (was_interrupted()) throw Interrupted{};
}

InterruptionShield::InterruptionShield() noexcept { ++shields; }

InterruptionShield::~InterruptionShield() { --shields; }

}  // namespace base
