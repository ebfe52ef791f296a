// SPDX-License-Identifier: Apache-2.0
#include "ui/loopback_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ui {
namespace {

constexpr std::chrono::seconds timeout_per_connection{10};
constexpr std::size_t max_connections = 64;
constexpr int backlog = 64;
constexpr int max_attempts = 50;

/// A socket that listens; not open, with errno set, when that is not possible.
base::Descriptor listen_at(const sockaddr* address, socklen_t size) {
  base::Descriptor file{socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!file.is_open()) return file;
  const int yes = 1;
  setsockopt(file.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address->sa_family == AF_INET6) setsockopt(file.number(), IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  if (bind(file.number(), address, size) == 0 && listen(file.number(), backlog) == 0) return file;
  const int error = errno;
  file = base::Descriptor{};
  errno = error;
  return file;
}

/// The same for an IP address in text form; errno is EINVAL for any other text.
base::Descriptor listen_at_address(const std::string& text, int port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1)
    return listen_at(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1)
    return listen_at(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  errno = EINVAL;
  return base::Descriptor{};
}

/// The port has the same offset in the addresses of both families.
int port_of(const base::Descriptor& listener) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);
}

}  // namespace

struct LoopbackListener::Connection {
  Connection(base::Descriptor socket, const base::Clock& clock)
      : file(std::move(socket)), deadline(clock, timeout_per_connection) {}

  base::Descriptor file;
  base::Deadline deadline;
  std::string received;
  bool answered = false;
};

LoopbackListener::LoopbackListener(const base::Clock& clock, int port, const std::string& address)
    : clock_(clock) {
  if (!address.empty() && address != "localhost") {
    auto listener = listen_at_address(address, port);
    if (!listener.is_open()) {
      throw base::Error(base::Kind::config,
                        "cannot listen on " + base::printable(address, 100) + " port " +
                            std::to_string(port) + ": " + std::generic_category().message(errno),
                        "correct or unset SF_AUTH_SOCKET_ADDR and SF_AUTH_SOCKET_PORT");
    }
    port_ = port_of(listener);
    listeners_.push_back(std::move(listener));
    return;
  }
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    auto v4 = listen_at_address("127.0.0.1", port);
    if (!v4.is_open()) break;
    port_ = port_of(v4);
    auto v6 = listen_at_address("::1", port_);
    // A machine without IPv6 is fine, but no other program must listen on the same port of [::1].
    if (v6.is_open() || errno != EADDRINUSE) {
      listeners_.push_back(std::move(v4));
      if (v6.is_open()) listeners_.push_back(std::move(v6));
      return;
    }
    if (port != 0) break;
  }
  throw base::Error(base::Kind::config,
                    port == 0 ? std::string{"there is no free port for the browser to return to"}
                              : "port " + std::to_string(port) + " of this machine is already in use",
                    "end the program that listens there, or set another port in oauth_redirect_uri");
}

LoopbackListener::~LoopbackListener() = default;

void LoopbackListener::accept_from(int listener) {
  base::Descriptor file{accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!file.is_open()) return;
  // Drop the oldest connection: a browser would have sent its request by now.
  if (connections_.size() == max_connections) connections_.pop_front();
  connections_.emplace_back(std::move(file), clock_);
}

/// True when the callback has accepted the request. The connection is closed at its deadline.
bool LoopbackListener::serve(Connection& connection, const Callback& callback) {
  std::array<char, 16384> buffer{};
  const auto count = recv(connection.file.number(), buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count <= 0) {
    connection.deadline = base::Deadline{clock_, {}};
    return false;
  }
  // The rest is read and discarded, because closing the connection earlier could lose the answer (RFC 9112,
  // 9.6).
  if (connection.answered) return false;
  connection.received.append(buffer.data(), static_cast<std::size_t>(count));
  const auto request = parse_browser_request(connection.received);
  const auto* unreadable = std::get_if<Unreadable>(&request);
  if (unreadable != nullptr && *unreadable == Unreadable::incomplete) return false;
  const auto reply = unreadable != nullptr ? CallbackReply{reply_to_malformed_request()}
                                           : reply_to(std::get<BrowserRequest>(request), callback);
  [[maybe_unused]] const auto sent =
      send(connection.file.number(), reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
  shutdown(connection.file.number(), SHUT_WR);
  connection.answered = true;
  return reply.accepted;
}

bool LoopbackListener::serve(const Callback& callback, std::chrono::milliseconds timeout) {
  connections_.remove_if([](const Connection& connection) { return connection.deadline.expired(); });
  std::vector<pollfd> watched;
  for (const auto& listener : listeners_) watched.push_back({listener.number(), POLLIN, 0});
  for (const auto& connection : connections_) watched.push_back({connection.file.number(), POLLIN, 0});
  if (poll(watched.data(), watched.size(), static_cast<int>(timeout.count())) <= 0) return false;
  auto ready = watched.begin() + static_cast<std::ptrdiff_t>(listeners_.size());
  for (auto& connection : connections_) {
    if ((ready++)->revents != 0 && serve(connection, callback)) return true;
  }
  for (ready = watched.begin(); ready != watched.begin() + static_cast<std::ptrdiff_t>(listeners_.size());
       ++ready) {
    if (ready->revents != 0) accept_from(ready->fd);
  }
  return false;
}

}  // namespace ui
