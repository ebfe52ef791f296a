// SPDX-License-Identifier: Apache-2.0
#include "ui/hidden_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/interruption.hpp"

namespace ui {
namespace {

constexpr char end_of_file = '\x04';
constexpr char erase_line = '\x15';
constexpr char backspace = '\x7F';
constexpr int milliseconds_between_looks = 200;

/// The terminal without echo and without lines, which the kernel would cut at 4096 bytes.
class Hidden {
public:
  Hidden() : file_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (file_ < 0 || tcgetattr(file_, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    works_ = tcsetattr(file_, TCSAFLUSH, &hidden) == 0;
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() {
    if (works_) tcsetattr(file_, TCSAFLUSH, &before_);
    if (file_ >= 0) close(file_);
  }

  bool works() const { return works_; }
  void show(std::string_view text) const {
    [[maybe_unused]] const auto written = write(file_, text.data(), text.size());
  }
  char next() const {
    while (true) {
      base::throw_if_interrupted();
      pollfd watched{file_, POLLIN, 0};
      if (poll(&watched, 1, milliseconds_between_looks) <= 0) continue;
      char byte = 0;
      const auto count = read(file_, &byte, 1);
      if (count == 1) return byte;
      if (count == 0 || errno != EINTR) return end_of_file;
    }
  }

private:
  int file_;
  termios before_{};
  bool works_ = false;
};

}  // namespace

base::Secret read_hidden_line(const std::string& question, const std::string& instead) {
  const Hidden terminal;
  if (!terminal.works()) {
    throw base::Error(base::Kind::login_required, "there is no terminal to ask on for: " + question, instead);
  }
  terminal.show(question + ": ");
  std::string line;
  for (char byte = terminal.next(); byte != '\n' && byte != '\r'; byte = terminal.next()) {
    if (byte == end_of_file) {
      terminal.show("\n");
      throw base::Interrupted{};
    }
    if (byte == erase_line) {
      line.clear();
    } else if (byte == backspace || byte == '\b') {
      if (!line.empty()) line.pop_back();
    } else {
      line += byte;
    }
  }
  terminal.show("\n");
  return base::Secret{line};
}

}  // namespace ui
