// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/environment.hpp"
#include "base/status_line.hpp"

namespace plugin::output {

/// A progress line on standard error, "23 of 502 repositories … 4 s": shown after a second, on a terminal
/// only, and removed at the end. Not drawn while the user is asked something.
class ProgressLine {
public:
  ProgressLine(std::string what, const base::Environment&);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  /// May be called by any thread.
  void update(std::string what);

private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string what_;
  std::optional<base::StatusLine> line_;
  std::jthread thread_;
};

}  // namespace plugin::output
