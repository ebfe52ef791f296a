// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace base {
namespace {

// Lock-free, so that a signal handler may set it.
std::atomic<bool> signaled{false};
std::atomic<int> event{-1};
thread_local int shields = 0;

/// The time for cleanup, after which the process ends: a library may wait for much longer.
constexpr unsigned grace_period_seconds = 1;

void end(int) { _exit(130); }

void on_signal(int) {
  const int saved_errno = errno;
  signaled = true;
  if (event >= 0) eventfd_write(event, 1);
  struct sigaction action {};
  action.sa_handler = &end;
  sigaction(SIGALRM, &action, nullptr);
  alarm(grace_period_seconds);
  errno = saved_errno;
}

}  // namespace

void handle_interruptions() {
  if (event < 0) event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = &on_signal;
  // Without SA_RESTART, so that waits end early; the next signal is fatal again.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    // Signals that nohup, or a shell without job control, ignores stay ignored.
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

bool was_interrupted() noexcept { return signaled && shields == 0; }

int interruption_descriptor() noexcept { return shields == 0 ? event.load() : -1; }

void throw_if_interrupted() {
  if (was_interrupted()) throw Interrupted{};
}

InterruptionShield::InterruptionShield() noexcept { ++shields; }

InterruptionShield::~InterruptionShield() { --shields; }

}  // namespace base
