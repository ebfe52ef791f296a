// SPDX-License-Identifier: Apache-2.0
#include "relay/open_connections.hpp"

#include <sys/socket.h>

#include <array>

#include "support/catch.hpp"

namespace {

using plugin::relay::OpenConnections;

/// A connection and its client.
class Connection {
public:
  explicit Connection(OpenConnections& connections) {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    server_ = base::Descriptor{ends[0]};
    client_ = base::Descriptor{ends[1]};
    connections.add(this, server_.number());
  }

  /// Whether the client sees the end of the connection.
  bool is_closed() const {
    char byte = 0;
    return recv(client_.number(), &byte, 1, 0) == 0;
  }

private:
  base::Descriptor server_;
  base::Descriptor client_;
};

TEST_CASE("of too many connections, the one that has been idle for the longest time is closed") {
  OpenConnections connections{2};
  const Connection first{connections};
  const Connection second{connections};
  { const OpenConnections::BusyScope used{connections, &first}; }
  CHECK_FALSE(first.is_closed());
  const Connection third{connections};
  CHECK(second.is_closed());
  CHECK_FALSE(first.is_closed());
  CHECK_FALSE(third.is_closed());
}

TEST_CASE("a connection without an accepted request is closed before one that had one") {
  OpenConnections connections{2};
  const Connection accepted{connections};
  connections.accept(&accepted);
  const Connection other{connections};
  { const OpenConnections::BusyScope used{connections, &other}; }
  const Connection third{connections};
  CHECK(other.is_closed());
  CHECK_FALSE(accepted.is_closed());
}

TEST_CASE("a connection whose client waits for this program is not closed") {
  OpenConnections connections{1};
  const Connection busy{connections};
  const OpenConnections::BusyScope scope{connections, &busy};
  const Connection second{connections};
  CHECK_FALSE(busy.is_closed());
  CHECK_FALSE(second.is_closed());
}

TEST_CASE("a closed connection does not count, and neither does a removed one") {
  OpenConnections connections{2};
  const Connection first{connections};
  const Connection second{connections};
  const Connection third{connections};
  CHECK(first.is_closed());
  connections.remove(&second);
  const Connection fourth{connections};
  CHECK_FALSE(third.is_closed());
  CHECK_FALSE(fourth.is_closed());
}

}  // namespace
