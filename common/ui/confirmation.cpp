// SPDX-License-Identifier: Apache-2.0
#include "ui/confirmation.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/text.hpp"

namespace ui {
namespace {

constexpr int milliseconds_between_looks = 200;
constexpr std::size_t max_answer = 100;

class Terminal {
public:
  Terminal() : file_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (file_ >= 0) close(file_);
  }

  bool works() const { return file_ >= 0; }
  void show(std::string_view text) const {
    [[maybe_unused]] const auto written = write(file_, text.data(), text.size());
  }
  /// The terminal gives a line when it is done. An answer that never ends is none.
  std::string line() const {
    std::string line;
    while (line.size() < max_answer) {
      base::throw_if_interrupted();
      pollfd watched{file_, POLLIN, 0};
      if (poll(&watched, 1, milliseconds_between_looks) <= 0) continue;
      char byte = 0;
      const auto count = read(file_, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) throw base::Interrupted{};
      if (byte == '\n') return line;
      line += byte;
    }
    return {};
  }

private:
  int file_;
};

}  // namespace

bool confirm(const std::string& question, const std::string& instead) {
  const Terminal terminal;
  if (!terminal.works())
    throw base::Error(base::Kind::usage, "there is no terminal to ask on: " + question, instead);
  terminal.show(question + " [y/N] ");
  const auto answer = base::to_lower(base::trim(terminal.line()));
  return answer == "y" || answer == "yes";
}

}  // namespace ui
