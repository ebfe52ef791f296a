// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/environment.hpp"
#include "base/status_line.hpp"
#include "ui/prompter.hpp"

namespace ui {

/// A line on the terminal (standard error) that says what the program is waiting for, and for how long: "23
/// of 502 repositories … 4 s". Removed at the end, and not drawn while the user is asked something.
class ProgressLine final : public ProgressIndicator {
public:
  /// Whether standard error is a terminal on which a line can be replaced.
  static bool is_supported(const base::Environment&);

  /// Shown after a second; never, where it is not supported.
  ProgressLine(std::string what, const base::Environment&);
  /// Shown at once. After two seconds, `later` replaces `what`, unless it is empty.
  ProgressLine(std::string what, std::string later);

  /// May be called by any thread.
  void update(std::string what);

private:
  void start();
  void run(const std::stop_token& stop);

  std::chrono::seconds delay_{0};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string what_;
  std::string later_;
  std::optional<base::StatusLine> line_;
  std::jthread thread_;
};

}  // namespace ui
