// SPDX-License-Identifier: Apache-2.0
#include "base/standard_streams.hpp"

#include <unistd.h>

#include <cerrno>

namespace base {
namespace {

bool write_all(int file, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
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
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

bool write_standard_output(std::string_view text) noexcept { return write_all(STDOUT_FILENO, text); }

void write_standard_error(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

}  // namespace base
