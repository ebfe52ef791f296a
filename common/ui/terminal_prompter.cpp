// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal_prompter.hpp"

#include <unistd.h>

#include <condition_variable>
#include <system_error>
#include <thread>

#include "base/child_process.hpp"
#include "base/status_line.hpp"
#include "base/text.hpp"
#include "ui/progress_line.hpp"
#include "ui/tty.hpp"
#include "ui/wrapped_text.hpp"

namespace ui {
namespace {

/// Prints a line after two seconds, unless it is destroyed before.
class DelayedLine final : public ProgressIndicator {
public:
  explicit DelayedLine(std::string line)
      : thread_([this, line = std::move(line)](const std::stop_token& stop) {
          std::mutex mutex;
          std::unique_lock lock{mutex};
          wake_.wait_for(lock, stop, std::chrono::seconds{2}, [] { return false; });
          if (!stop.stop_requested()) base::print_above_status_line(line);
        }) {}

private:
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// The command for an entry of BROWSER, with `%s` replaced by the URL.
std::vector<std::string> browser_command(const std::string& entry, const std::string& url) {
  std::vector<std::string> words;
  bool has_url = false;
  for (auto& word : base::split(entry, ' ')) {
    if (word.empty()) continue;
    if (const auto at = word.find("%s"); at != std::string::npos) {
      word.replace(at, 2, url);
      has_url = true;
    }
    words.push_back(std::move(word));
  }
  if (!has_url) words.push_back(url);
  return words;
}

}  // namespace

bool TerminalPrompter::can_ask() { return has_tty(); }

base::Secret TerminalPrompter::ask(const std::string& question, const std::string& hint) {
  return read_hidden_line(question, hint);
}

std::unique_ptr<TypedLine> TerminalPrompter::typed_line() { return hidden_line(); }

void TerminalPrompter::print(const std::string& sentence) {
  base::print_above_status_line(wrapped(sentence + '\n', width_of_terminal(STDERR_FILENO)));
}

bool TerminalPrompter::open_browser(const std::string& url) {
  if (const auto chosen = environment_.non_empty("BROWSER")) {
    for (const auto& entry : base::split(*chosen, ':')) {
      if (!base::trim(entry).empty() && base::start_program(browser_command(entry, url), environment_))
        return true;
    }
    return false;
  }
  if (environment_.non_empty("SSH_CONNECTION")) return false;
  if (environment_.non_empty("WSL_DISTRO_NAME") && base::start_program({"wslview", url}, environment_))
    return true;
  const bool is_desktop = environment_.non_empty("DISPLAY") || environment_.non_empty("WAYLAND_DISPLAY");
  return is_desktop && base::start_program({"xdg-open", url}, environment_);
}

std::unique_ptr<ProgressIndicator> TerminalPrompter::show_progress(const std::string& what,
                                                                   const std::string& later) {
  try {
    if (ProgressLine::is_supported(environment_)) return std::make_unique<ProgressLine>(what, later);
    if (!later.empty()) return std::make_unique<DelayedLine>("Waiting: " + later + "\n");
  } catch (const std::system_error&) {
    // Without a thread, print a line instead.
  }
  print("Waiting: " + what);
  return std::make_unique<ProgressIndicator>();
}

}  // namespace ui
