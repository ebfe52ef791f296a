// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ui/person.hpp"

namespace plugin::doctor {

/// Says what is waited for once that has taken a second, as long as it lives.
class LateNotice {
public:
  LateNotice(ui::Person& person, std::string what)
      : thread_([this, &person, what = std::move(what)](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          const auto ended = [&](auto time) {
            return wake_.wait_for(lock, stop, time, [] { return false; });
          };
          ended(std::chrono::seconds{1});
          if (stop.stop_requested()) return;
          const auto waiting = person.waiting_for(what);
          while (!stop.stop_requested()) ended(std::chrono::hours{1});
        }) {}

private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace plugin::doctor
