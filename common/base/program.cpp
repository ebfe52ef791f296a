// SPDX-License-Identifier: Apache-2.0
#include "base/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace base {
namespace {

/// One system call if all three are open, as usual.
void open_closed_streams() noexcept {
  pollfd streams[] = {{STDIN_FILENO, 0, 0}, {STDOUT_FILENO, 0, 0}, {STDERR_FILENO, 0, 0}};
  if (poll(streams, 3, 0) <= 0) return;
  for (const auto& stream : streams) {
    if ((stream.revents & POLLNVAL) == 0) continue;
    // In the wrong direction, so that writing still fails. open() returns the lowest free number, which is
    // this one: those below are open by now.
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

/// Some programs give their children non-blocking pipes.
bool wait_for_room(int file) noexcept {
  pollfd waiting{file, POLLOUT, 0};
  return poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

bool write_all(int file, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN && wait_for_room(file)) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
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

std::string read_standard_input(std::size_t max_bytes) {
  std::string text;
  char buffer[4096];
  while (text.size() <= max_bytes) {
    const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    if (count < 0 && errno == EAGAIN && (poll(&waiting, 1, -1) >= 0 || errno == EINTR)) continue;
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

bool write_standard_output(std::string_view text) noexcept { return write_all(STDOUT_FILENO, text); }

bool write_answer(std::string_view program, std::string_view text) noexcept {
  if (write_standard_output(text)) return true;
  write_standard_error(program);
  write_standard_error(": standard output cannot be written to\n");
  write_standard_error(program);
  write_standard_error(": next: check that it is open and that the disk is not full: df -h .\n");
  return false;
}

bool standard_output_is_closed() noexcept {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

void write_standard_error(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

}  // namespace base
