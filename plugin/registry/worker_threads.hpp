// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

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

}  // namespace plugin::registry
