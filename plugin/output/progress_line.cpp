// SPDX-License-Identifier: Apache-2.0
#include "output/progress_line.hpp"

#include <unistd.h>

#include <chrono>
#include <system_error>

namespace plugin::output {

ProgressLine::ProgressLine(std::string what, const base::Environment& environment) : what_(std::move(what)) {
  if (isatty(STDERR_FILENO) == 0 || environment.get("TERM") == "dumb") return;
  line_.emplace();
  try {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  } catch (const std::system_error&) {
    // No thread can be made: then nothing is shown.
  }
}

ProgressLine::~ProgressLine() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void ProgressLine::update(std::string what) {
  const std::lock_guard guard{mutex_};
  what_ = std::move(what);
}

void ProgressLine::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds between_updates{250};
  constexpr std::chrono::seconds first{1};
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, between_updates, [] { return false; });
    const auto time = std::chrono::steady_clock::now() - start;
    if (stop.stop_requested() || time < first) continue;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    line_->draw(what_ + " … " + std::to_string(seconds) + " s");
  }
}

}  // namespace plugin::output
