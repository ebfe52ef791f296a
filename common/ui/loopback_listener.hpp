// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <string>

#include "base/clock.hpp"
#include "ui/browser_callback.hpp"

namespace ui {

/// Waits on 127.0.0.1 and [::1] for a browser of this machine. Anybody here may connect: each connection has
/// a few seconds and a limit, and none keeps another one waiting.
class LoopbackListener {
public:
  /// Listens at once, at the given port, or with 0 at one that is free. `address`: an IP address of this
  /// machine to listen at instead, for a container or a tunnel; empty for the loopback addresses. Throws
  /// `config` when another program has the port, or the address is not one of this machine.
  explicit LoopbackListener(const base::Clock&, int port = 0, const std::string& address = {});
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;
  ~LoopbackListener();

  int port() const noexcept { return port_; }

  /// Answers every connection, for as long as `timeout`, and returns early once `callback` took something.
  /// Whether it did.
  bool serve(const Callback& callback, std::chrono::milliseconds timeout);

private:
  struct Connection;

  void accept_from(int listener);
  bool serve(Connection&, const Callback&);

  const base::Clock& clock_;
  int port_ = 0;
  std::list<int> listeners_;
  std::list<Connection> connections_;
};

}  // namespace ui
