// SPDX-License-Identifier: Apache-2.0
#include "base/standard_streams.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace base {
namespace {

/// Some programs give their children pipes that do not block.
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

std::string read_standard_input(std::size_t most) {
  std::string text;
  char buffer[4096];
  while (text.size() <= most) {
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

bool nobody_reads_standard_output() noexcept {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

void write_standard_error(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

}  // namespace base
