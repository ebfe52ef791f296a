// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "push/push_progress.hpp"

namespace plugin::push {

/// Draws progress in a thread of its own while it exists, and once more at the end. What is written to `err`
/// meanwhile is shown above the progress, as soon as a line is complete.
class ProgressThread {
public:
  ProgressThread(PushProgress&, const base::Clock&, std::ostream& err);
  ProgressThread(const ProgressThread&) = delete;
  ProgressThread& operator=(const ProgressThread&) = delete;
  ~ProgressThread();

private:
  class InterceptedLines;

  PushProgress& progress_;
  const base::Clock& clock_;
  std::unique_ptr<InterceptedLines> intercepted_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ended_ = false;
  std::thread thread_;
};

}  // namespace plugin::push
