// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "base/interruption.hpp"

namespace plugin::push {

/// Limits how many request bodies are in flight to one registry. "Too many requests" (429) halves the limit;
/// it grows by one again for every `accepted_to_grow` bodies that the registry accepts.
class UploadSlots {
public:
  static constexpr std::size_t accepted_to_grow = 8;

  explicit UploadSlots(std::size_t max) : max_(max), limit_(max) {}

  /// Holds one of the slots until it is destroyed.
  class Slot {
  public:
    explicit Slot(UploadSlots& slots) : slots_(&slots) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { slots_->release(); }

  private:
    UploadSlots* slots_;
  };

  /// Waits until one is free. Throws `Interrupted` when `stop` becomes true.
  Slot acquire(const std::atomic<bool>& stop) {
    using namespace std::chrono_literals;
    std::unique_lock lock{mutex_};
    while (used_ >= limit_) {
      if (stop) throw base::Interrupted{};
      free_.wait_for(lock, 50ms);
    }
    ++used_;
    return Slot{*this};
  }

  /// The registry's response to a body was 429, or 2xx.
  void on_refused() {
    const std::lock_guard lock{mutex_};
    accepted_since_refusal_ = 0;
    // Bodies that were in flight together and are refused count once: only those within the limit count.
    if (used_ <= limit_) limit_ = limit_ > 1 ? limit_ / 2 : 1;
  }
  void on_accepted() {
    const std::lock_guard lock{mutex_};
    if (limit_ == max_ || ++accepted_since_refusal_ < accepted_to_grow) return;
    accepted_since_refusal_ = 0;
    ++limit_;
    free_.notify_one();
  }
  std::size_t limit() const {
    const std::lock_guard lock{mutex_};
    return limit_;
  }

private:
  void release() {
    const std::lock_guard lock{mutex_};
    --used_;
    free_.notify_one();
  }

  const std::size_t max_;
  mutable std::mutex mutex_;
  std::condition_variable free_;
  std::size_t limit_;
  std::size_t used_ = 0;
  std::size_t accepted_since_refusal_ = 0;
};

}  // namespace plugin::push
