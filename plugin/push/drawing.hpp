// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "push/progress.hpp"

namespace plugin::push {

/// Draws progress in a thread of its own for as long as it exists, and once more at the end. What others
/// write to `err` in the meantime is shown above what is drawn, as soon as a line is complete.
class Drawing {
public:
  Drawing(Progress&, const base::Clock&, std::ostream& err);
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing();

private:
  class LinesOfOthers;

  Progress& progress_;
  const base::Clock& clock_;
  std::unique_ptr<LinesOfOthers> others_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ended_ = false;
  std::thread thread_;
};

}  // namespace plugin::push
