// SPDX-License-Identifier: Apache-2.0
#include "ui/progress_line.hpp"

#include <unistd.h>

#include <system_error>

namespace ui {

bool ProgressLine::is_supported(const base::Environment& environment) {
  return isatty(STDERR_FILENO) != 0 && environment.get("TERM") != "dumb";
}

ProgressLine::ProgressLine(std::string what, const base::Environment& environment)
    : delay_(1), what_(std::move(what)) {
  if (is_supported(environment)) start();
}

ProgressLine::ProgressLine(std::string what, std::string later)
    : what_(std::move(what)), later_(std::move(later)) {
  start();
}

void ProgressLine::update(std::string what) {
  const std::lock_guard guard{mutex_};
  what_ = std::move(what);
}

void ProgressLine::start() {
  line_.emplace();
  try {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  } catch (const std::system_error&) {
    line_->draw(what_);  // without a thread, nothing counts the seconds
  }
}

void ProgressLine::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds between_updates{250};
  constexpr std::chrono::seconds until_later{2};
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    const auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    const bool is_late = time >= until_later && !later_.empty();
    if (time >= delay_) line_->draw((is_late ? later_ : what_) + " … " + std::to_string(time.count()) + " s");
    wake_.wait_for(lock, stop, between_updates, [] { return false; });
  }
}

}  // namespace ui
