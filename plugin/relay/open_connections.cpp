// SPDX-License-Identifier: Apache-2.0
#include "relay/open_connections.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace plugin::relay {

void OpenConnections::add(Id connection, int socket) {
  const std::lock_guard lock{mutex_};
  close_one_of_too_many();
  // A duplicate, so that a connection that reuses the descriptor is never shut down instead.
  connections_.insert_or_assign(connection,
                                State{base::Descriptor{fcntl(socket, F_DUPFD_CLOEXEC, 0)}, ++last_use_});
}

void OpenConnections::remove(Id connection) {
  const std::lock_guard lock{mutex_};
  connections_.erase(connection);
}

void OpenConnections::accept(Id connection) {
  const std::lock_guard lock{mutex_};
  connections_.at(connection).is_accepted = true;
}

void OpenConnections::set_busy(Id connection, bool is_busy) {
  const std::lock_guard lock{mutex_};
  auto& state = connections_.at(connection);
  state.is_busy = is_busy;
  state.last_use = ++last_use_;
}

void OpenConnections::close_one_of_too_many() {
  std::vector<State*> open;
  for (auto& [connection, state] : connections_) {
    if (!state.is_closed) open.push_back(&state);
  }
  if (open.size() < max_open_) return;
  auto& next = **std::ranges::min_element(open, {}, [](const State* state) {
    return std::tuple{state->is_busy, state->is_accepted, state->last_use};
  });
  if (next.is_busy) return;
  next.is_closed = true;
  shutdown(next.socket.number(), SHUT_RDWR);
}

}  // namespace plugin::relay
