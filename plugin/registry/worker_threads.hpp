// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/transfer.hpp"

namespace plugin::registry {

/// What `run_workers` calls in the waiting thread. Each may be empty.
struct WorkerEvents {
  std::function<void()> on_interrupt = {};  ///< once, as soon as the user interrupts
  std::function<void()> on_poll = {};       ///< every few milliseconds
};

/// Runs `work` in up to `count` threads, which share the tasks between them, and waits until all have
/// returned. `stop` becomes true when one of them throws, or when the user interrupts. Then throws the first
/// exception, or `Interrupted`.
void run_workers(std::size_t count, std::atomic<bool>& stop, const std::function<void()>& work,
                 const WorkerEvents& events = {});

/// HTTP clients that many short-lived objects share, so that connections are reused. Safe to use from several
/// threads.
class HttpClientPool {
public:
  /// The arguments of `net::TransferClient`.
  HttpClientPool(const base::Environment& environment, const base::Clock& clock,
                 const std::atomic<bool>& stop)
      : environment_(environment), clock_(clock), stop_(stop) {}
  HttpClientPool(const HttpClientPool&) = delete;
  HttpClientPool& operator=(const HttpClientPool&) = delete;

  /// The client that was returned last, or a new one. It returns to the pool, which must outlive it, when its
  /// last `shared_ptr` is destroyed.
  std::shared_ptr<net::TransferClient> acquire();

private:
  const base::Environment& environment_;
  const base::Clock& clock_;
  const std::atomic<bool>& stop_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<net::TransferClient>> idle_;
};

}  // namespace plugin::registry
