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
/// it grows by one again for every `calm_bodies` that the registry has accepted since.
class UploadSlots {
public:
  static constexpr std::size_t calm_bodies = 8;

  explicit UploadSlots(std::size_t most) : most_(most), limit_(most) {}

  /// One of the slots, until it is destroyed.
  class Slot {
  public:
    explicit Slot(UploadSlots& slots) : slots_(&slots) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { slots_->give_back(); }

  private:
    UploadSlots* slots_;
  };

  /// Waits until one is free. Throws `Interrupted` when `stop` becomes true.
  Slot take(const std::atomic<bool>& stop) {
    using namespace std::chrono_literals;
    std::unique_lock lock{mutex_};
    while (used_ >= limit_) {
      if (stop) throw base::Interrupted{};
      free_.wait_for(lock, 50ms);
    }
    ++used_;
    return Slot{*this};
  }

  /// The registry's answer to a body: it is busy, or it accepted the bytes.
  void refused() {
    const std::lock_guard lock{mutex_};
    calm_ = 0;
    // Refusals of bodies that were in flight together count once: only those within the limit count.
    if (used_ <= limit_) limit_ = limit_ > 1 ? limit_ / 2 : 1;
  }
  void accepted() {
    const std::lock_guard lock{mutex_};
    if (limit_ == most_ || ++calm_ < calm_bodies) return;
    calm_ = 0;
    ++limit_;
    free_.notify_one();
  }
  std::size_t limit() const {
    const std::lock_guard lock{mutex_};
    return limit_;
  }

private:
  void give_back() {
    const std::lock_guard lock{mutex_};
    --used_;
    free_.notify_one();
  }

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable free_;
  std::size_t limit_;
  std::size_t used_ = 0;
  std::size_t calm_ = 0;
};

}  // namespace plugin::push
