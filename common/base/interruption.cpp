// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace base {
namespace {

// Lock-free, so that a signal handler may touch it.
std::atomic<bool> noted{false};
thread_local int shields = 0;

/// What waits for an answer gives up within that, or the process ends: a library may wait for much longer.
constexpr unsigned seconds_to_the_end = 1;

void end(int) { _exit(130); }

void note(int) {
  noted = true;
  struct sigaction action {};
  action.sa_handler = &end;
  sigaction(SIGALRM, &action, nullptr);
  alarm(seconds_to_the_end);
}

}  // namespace

void note_interruptions() {
  struct sigaction action {};
  action.sa_handler = &note;
  // Waits end early, and the next signal is fatal again.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    // What nohup, or a shell that controls no jobs, has switched off stays off.
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
