// SPDX-License-Identifier: Apache-2.0
#include "base/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace base {
namespace {

/// One system call when all three are open, which they nearly always are.
void open_closed_streams() noexcept {
  pollfd streams[] = {{STDIN_FILENO, 0, 0}, {STDOUT_FILENO, 0, 0}, {STDERR_FILENO, 0, 0}};
  if (poll(streams, 3, 0) <= 0) return;
  for (const auto& stream : streams) {
    if ((stream.revents & POLLNVAL) == 0) continue;
    // In the wrong direction: what is written must not seem to have arrived. The lowest free number is this
    // one, since those below are open by now.
    const int mode = stream.fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    [[maybe_unused]] const int opened = open("/dev/null", mode);
  }
}

struct Ending {
  const char* out = "";
  const char* err = "";
  int status = 1;
};
Ending ending;

void write_text(int file, const char* text) {
  std::size_t size = std::strlen(text);
  while (size > 0) {
    const ssize_t written = write(file, text, size);
    if (written <= 0) return;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
}

/// Async-signal-safe (signal-safety(7)).
void end_now(int) {
  write_text(STDERR_FILENO, ending.err);
  write_text(STDOUT_FILENO, ending.out);
  _exit(ending.status);
}

}  // namespace

void prepare_program() noexcept {
  open_closed_streams();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  umask(umask(077) & 077);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void end_program_after(std::chrono::milliseconds limit, const char* out, const char* err,
                       int status) noexcept {
  ending = {out, err, status};
  struct sigaction action {};
  action.sa_handler = &end_now;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval timer{{}, {limit.count() / 1000, limit.count() % 1000 * 1000}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace base
