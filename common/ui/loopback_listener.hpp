// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "ui/browser_callback.hpp"

namespace ui {

/// Listens on 127.0.0.1 and [::1] for a browser on this machine. Any program here may connect, so connections
/// have a timeout and a size limit, and never delay each other.
class LoopbackListener {
public:
  /// Starts listening on the given port, or on any free one for 0. `address`: an IP address of this machine
  /// to listen on instead of the loopback addresses, for a container or a tunnel. Throws `config` when the
  /// port is in use, or the address does not belong to this machine.
  explicit LoopbackListener(const base::Clock&, int port = 0, const std::string& address = {});
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;
  ~LoopbackListener();

  int port() const noexcept { return port_; }

  /// Serves connections for up to `timeout`. Returns true as soon as `callback` has accepted a request.
  bool serve(const Callback& callback, std::chrono::milliseconds timeout);

private:
  struct Connection;

  void accept_from(int listener);
  bool serve(Connection&, const Callback&);

  const base::Clock& clock_;
  int port_ = 0;
  std::vector<base::Descriptor> listeners_;
  std::list<Connection> connections_;
};

}  // namespace ui
