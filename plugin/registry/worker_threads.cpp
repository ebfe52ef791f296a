// SPDX-License-Identifier: Apache-2.0
#include "registry/worker_threads.hpp"

#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/interruption.hpp"

namespace plugin::registry {
namespace {

constexpr std::chrono::milliseconds worker_poll_interval{10};

}  // namespace

void run_workers(std::size_t count, std::atomic<bool>& stop, const std::function<void()>& work,
                 const WorkerEvents& events) {
  std::mutex mutex;
  std::exception_ptr failure;
  std::atomic<std::size_t> running{0};
  const auto run = [&] {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock{mutex};
      if (!failure) failure = std::current_exception();
      stop = true;
    }
    --running;
  };
  bool is_interrupted = false;
  const auto check_interruption = [&] {
    if (!base::was_interrupted() || std::exchange(is_interrupted, true)) return;
    stop = true;
    if (events.on_interrupt) events.on_interrupt();
  };
  {
    std::vector<std::jthread> threads;
    while (threads.size() < count) {
      ++running;
      try {
        threads.emplace_back(run);
      } catch (const std::system_error&) {
        // No more threads: those that run do the work, or else this one.
        if (threads.empty()) {
          run();
        } else {
          --running;
        }
        break;
      }
    }
    while (running > 0) {
      check_interruption();
      if (events.on_poll) events.on_poll();
      std::this_thread::sleep_for(worker_poll_interval);
    }
  }
  check_interruption();
  if (is_interrupted) throw base::Interrupted{};
  if (failure) std::rethrow_exception(failure);
}

}  // namespace plugin::registry
