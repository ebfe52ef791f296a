// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "base/file.hpp"

namespace plugin::relay {

/// The connections of a server. When too many are open, a new one replaces the one that has been idle for the
/// longest time, first among those without an accepted request. Otherwise requests that never end could
/// occupy all of them; timeouts alone do not prevent that, because a byte now and then resets them. Safe to
/// use from several threads.
class OpenConnections {
public:
  /// What the server identifies a connection by, from `add` to `remove`.
  using Id = const void*;

  explicit OpenConnections(std::size_t max_open) : max_open_(max_open) {}

  /// Shuts down the socket of another connection if `max_open` are open, unless all of them are busy.
  void add(Id, int socket);
  void remove(Id);
  /// The connection has sent a request that was not refused.
  void accept(Id);

  /// While it exists, the client of a connection waits for this program.
  class BusyScope {
  public:
    BusyScope(OpenConnections& connections, Id connection)
        : connections_(connections), connection_(connection) {
      connections_.set_busy(connection_, true);
    }
    BusyScope(const BusyScope&) = delete;
    BusyScope& operator=(const BusyScope&) = delete;
    ~BusyScope() { connections_.set_busy(connection_, false); }

  private:
    OpenConnections& connections_;
    Id connection_;
  };

private:
  struct State {
    base::Descriptor socket;
    std::uint64_t last_use = 0;  ///< counts uses of all connections
    bool is_accepted = false;
    bool is_busy = false;
    bool is_closed = false;
  };

  void set_busy(Id, bool is_busy);
  void close_one_of_too_many();

  const std::size_t max_open_;
  std::mutex mutex_;
  std::map<Id, State> connections_;
  std::uint64_t last_use_ = 0;
};

}  // namespace plugin::relay
