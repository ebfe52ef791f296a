// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <thread>

#include "base/standard_streams.hpp"
#include "ui/browser.hpp"
#include "ui/hidden_input.hpp"

namespace ui {
namespace {

using namespace std::chrono_literals;

/// Counts the seconds in one line, which is gone when the waiting is over.
class Countdown final : public ProgressIndicator {
public:
  explicit Countdown(std::string what)
      : what_(std::move(what)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

private:
  void run(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    for (int seconds = 0; !stop.stop_requested(); ++seconds) {
      base::write_standard_error("\r\033[K" + what_ + " … " + std::to_string(seconds) + " s");
      wake_.wait_for(lock, stop, 1s, [] { return false; });
    }
    base::write_standard_error("\r\033[K");
  }

  std::string what_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace

bool Terminal::is_there() {
  const int file = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (file >= 0) close(file);
  return file >= 0;
}

base::Secret Terminal::ask(const std::string& question, const std::string& instead) {
  return read_hidden_line(question, instead);
}

std::unique_ptr<TypedLine> Terminal::typed_line() { return hidden_line(); }

void Terminal::tell(const std::string& sentence) { base::write_standard_error(sentence + '\n'); }

bool Terminal::open_browser(const std::string& url) { return start_browser(url, environment_); }

std::unique_ptr<ProgressIndicator> Terminal::show_progress(const std::string& what) {
  if (isatty(STDERR_FILENO) != 0) return std::make_unique<Countdown>(what);
  tell("Waiting: " + what);
  return std::make_unique<ProgressIndicator>();
}

}  // namespace ui
