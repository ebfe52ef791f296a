// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/transfer.hpp"

namespace plugin::registry {

/// HTTP clients for requests of many short-lived objects: each keeps its connection for the next one that
/// takes it. Safe to use from several threads.
class ClientPool {
public:
  /// The arguments of `net::TransferClient`.
  ClientPool(const base::Environment& environment, const base::Clock& clock, const std::atomic<bool>& stop)
      : environment_(environment), clock_(clock), stop_(stop) {}
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;

  /// The client that was returned last, or a new one. It returns to the pool, which must outlive it, when its
  /// last `shared_ptr` is destroyed.
  std::shared_ptr<net::TransferClient> acquire() {
    std::unique_ptr<net::TransferClient> client;
    {
      const std::lock_guard lock{mutex_};
      if (!idle_.empty()) {
        client = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!client) client = std::make_unique<net::TransferClient>(environment_, clock_, stop_);
    return {client.release(), [this](net::TransferClient* used) {
              std::unique_ptr<net::TransferClient> back{used};
              const std::lock_guard lock{mutex_};
              idle_.push_back(std::move(back));
            }};
  }

private:
  const base::Environment& environment_;
  const base::Clock& clock_;
  const std::atomic<bool>& stop_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<net::TransferClient>> idle_;
};

}  // namespace plugin::registry
