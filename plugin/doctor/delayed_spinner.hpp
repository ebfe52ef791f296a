// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ui/prompter.hpp"

namespace plugin::doctor {

/// Says what is waited for once that has taken a second, as long as it lives.
class DelayedSpinner {
public:
  DelayedSpinner(ui::Prompter& prompter, std::string what)
      : thread_([this, &prompter, what = std::move(what)](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          const auto ended = [&](auto time) {
            return wake_.wait_for(lock, stop, time, [] { return false; });
          };
          ended(std::chrono::seconds{1});
          if (stop.stop_requested()) return;
          const auto waiting = prompter.show_progress(what);
          while (!stop.stop_requested()) ended(std::chrono::hours{1});
        }) {}

private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace plugin::doctor
