// SPDX-License-Identifier: Apache-2.0
#include "ui/tty.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interruption.hpp"
#include "base/status_line.hpp"
#include "base/text.hpp"
#include "ui/wrapped_text.hpp"

namespace ui {
namespace {

constexpr char end_of_file = '\x04';
constexpr char erase_line = '\x15';
constexpr char backspace = '\x7F';
constexpr int poll_interval_ms = 200;

constexpr std::size_t max_answer = 2000;

base::Descriptor open_tty() { return base::Descriptor{open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)}; }

/// A question, wrapped at the width of the terminal.
std::string wrapped_for(const base::Descriptor& tty, std::string_view question) {
  return wrapped(question, width_of_terminal(tty.number()));
}

void print_to(const base::Descriptor& tty, std::string_view text) {
  [[maybe_unused]] const auto written = write(tty.number(), text.data(), text.size());
}

// Lock-free, so that a signal handler may set it.
std::atomic<bool> stop_noted{false};
void note_stop(int) { stop_noted = true; }

/// The terminal without echo, and without the kernel's line editing, which cuts lines at 4096 bytes.
class HiddenInput {
public:
  explicit HiddenInput(std::string question) : question_(std::move(question)), tty_(open_tty()) {
    if (!tty_.is_open() || tcgetattr(tty_.number(), &before_) != 0 || !hide()) return;
    is_open_ = true;
    if (!question_.empty()) pause_.emplace();
    // Without job control, Ctrl-Z stays ignored.
    sigaction(SIGTSTP, nullptr, &stop_before_);
    if (stop_before_.sa_handler != SIG_IGN) {
      struct sigaction action {};
      action.sa_handler = &note_stop;
      sigaction(SIGTSTP, &action, nullptr);
    }
    question_ = wrapped_for(tty_, question_);
    print_to(tty_, question_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  ~HiddenInput() {
    if (!is_open_) return;
    if (!question_.empty()) print_to(tty_, "\n");
    tcsetattr(tty_.number(), TCSAFLUSH, &before_);
    sigaction(SIGTSTP, &stop_before_, nullptr);
  }

  bool is_open() const { return is_open_; }

  /// The next byte that is typed within the time, if any.
  std::optional<char> next(int milliseconds) const {
    if (stop_noted.exchange(false)) {
      stop();
      return erase_line;  // the kernel has dropped part of the input
    }
    pollfd watched{tty_.number(), POLLIN, 0};
    if (poll(&watched, 1, milliseconds) <= 0) return std::nullopt;
    char byte = 0;
    const auto count = read(tty_.number(), &byte, 1);
    if (count == 1) return byte;
    if (count < 0 && errno == EINTR) return std::nullopt;
    return end_of_file;
  }

private:
  bool hide() const {
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    return tcsetattr(tty_.number(), TCSAFLUSH, &hidden) == 0;
  }
  /// Handles Ctrl-Z: restores the terminal for other programs while this one is stopped.
  void stop() const {
    tcsetattr(tty_.number(), TCSAFLUSH, &before_);
    raise(SIGSTOP);
    hide();
    print_to(tty_, question_);
  }

  std::string question_;
  std::optional<base::StatusLinePause> pause_;  ///< while there is a question
  base::Descriptor tty_;
  termios before_{};
  struct sigaction stop_before_ {};
  bool is_open_ = false;
};

/// Removes the last UTF-8 character.
void erase_character(std::string& line) {
  while (!line.empty()) {
    const bool continues = (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U;
    line.pop_back();
    if (!continues) return;
  }
}

/// Edits a line as bytes arrive.
class Line {
public:
  /// The line, when this byte ends it. Throws `base::Interrupted` for Ctrl-D.
  std::optional<base::Secret> add(char byte) {
    if (byte == end_of_file) throw base::Interrupted{};
    if (byte == '\n' || byte == '\r') return base::Secret{std::exchange(text_, {})};
    if (byte == erase_line) {
      text_.clear();
    } else if (byte == backspace || byte == '\b') {
      erase_character(text_);
    } else {
      text_ += byte;
    }
    return std::nullopt;
  }

private:
  std::string text_;
};

class HiddenLine final : public TypedLine {
public:
  bool is_open() const { return terminal_.is_open(); }
  std::optional<base::Secret> poll() override {
    while (const auto byte = terminal_.next(0)) {
      if (auto line = line_.add(*byte)) return line;
    }
    return std::nullopt;
  }

private:
  HiddenInput terminal_{""};
  Line line_;
};

/// Drops what arrow and function keys send: ESC [ up to a letter or ~, ESC O and a letter (ECMA-48, 5.4).
std::string without_key_sequences(std::string_view line) {
  constexpr char escape = '\x1B';
  std::string text;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != escape) {
      text += line[at];
      continue;
    }
    if (++at >= line.size()) break;
    if (line[at] == 'O') ++at;
    if (at < line.size() && line[at] == '[') at = line.find_first_not_of("0123456789;?", at + 1);
    if (at == std::string_view::npos) break;
  }
  return text;
}

/// Reads a line with the terminal's own line editing.
std::string read_typed_line(const base::Descriptor& tty) {
  std::string line;
  while (true) {
    base::throw_if_interrupted();
    pollfd watched{tty.number(), POLLIN, 0};
    if (poll(&watched, 1, poll_interval_ms) <= 0) continue;
    char byte = 0;
    const auto count = read(tty.number(), &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw base::Interrupted{};
    if (byte == '\n') return line;
    if (line.size() < max_answer) line += byte;
  }
}

std::string read_shown_line(const base::Descriptor& tty) {
  try {
    return std::string{base::trim(without_key_sequences(read_typed_line(tty)))};
  } catch (const base::Interrupted&) {
    print_to(tty, "\n");  // for the shell's prompt
    throw;
  }
}

/// What the user types after the question and `mark`.
std::string answer_to(const std::string& question, const std::string& mark, const std::string& hint) {
  const auto tty = open_tty();
  if (!tty.is_open())
    throw base::Error(base::Kind::usage, "cannot prompt without a terminal: " + question, hint);
  const base::StatusLinePause pause;
  print_to(tty, wrapped_for(tty, question + mark));
  return read_shown_line(tty);
}

}  // namespace

bool has_tty() { return open_tty().is_open(); }

base::Secret read_hidden_line(const std::string& question, const std::string& hint) {
  const HiddenInput terminal{question + ": "};
  if (!terminal.is_open()) {
    throw base::Error(base::Kind::login_required, "cannot prompt without a terminal: " + question, hint);
  }
  Line line;
  while (true) {
    base::throw_if_interrupted();
    const auto byte = terminal.next(poll_interval_ms);
    if (!byte) continue;
    if (auto text = line.add(*byte)) return std::move(*text);
  }
}

std::unique_ptr<TypedLine> hidden_line() {
  auto line = std::make_unique<HiddenLine>();
  if (!line->is_open()) return nullptr;
  return line;
}

bool confirm(const std::string& question, const std::string& hint, OnEnter on_enter) {
  const auto answer =
      base::to_lower(answer_to(question, on_enter == OnEnter::yes ? " [Y/n] " : " [y/N] ", hint));
  return answer == "y" || answer == "yes" || (answer.empty() && on_enter == OnEnter::yes);
}

std::string ask_line(const std::string& question, const std::string& hint) {
  return answer_to(question, ": ", hint);
}

}  // namespace ui
