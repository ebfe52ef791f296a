// SPDX-License-Identifier: Apache-2.0
#include "token/login_lock.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/file_change.hpp"
#include "base/text.hpp"

namespace token {
namespace {

/// Hashed, because user names may contain characters that file names cannot.
std::string lock_name(const StoreKey& login) {
  return base::Fingerprint{}.add(login.host).add(login.user).hex() + ".lock";
}

/// An abstract socket name that only one process can hold at a time: a lock that needs no file system. The
/// kernel releases it when the process ends, however it ends.
class SocketLock {
public:
  /// True when there is nothing to wait for: this process has the lock now, or another user has the name.
  static bool try_lock(const std::string& name, std::unique_ptr<SocketLock>& lock) {
    auto attempt = std::unique_ptr<SocketLock>{new SocketLock};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // The first byte stays zero, which makes the name abstract (unix(7)).
    const auto size = std::min(name.size(), sizeof address.sun_path - 2);
    std::memcpy(address.sun_path + 1, name.data(), size);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (attempt->socket_ < 0) return true;
    if (bind(attempt->socket_, generic, length) == 0) {
      listen(attempt->socket_, 1);
      lock = std::move(attempt);
      return true;
    }
    return errno != EADDRINUSE || !is_own(generic, length);
  }
  SocketLock(const SocketLock&) = delete;
  SocketLock& operator=(const SocketLock&) = delete;
  ~SocketLock() {
    if (socket_ >= 0) close(socket_);
  }

private:
  SocketLock() : socket_(open()) {}
  static int open() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

  /// Whether a process of this user has the name. When the queue is full (EAGAIN), that is unknown, and
  /// counts as yes.
  static bool is_own(const sockaddr* address, socklen_t length) {
    const SocketLock client;
    if (client.socket_ < 0) return false;
    if (connect(client.socket_, address, length) != 0) return errno == EAGAIN;
    ucred owner{};
    socklen_t size = sizeof owner;
    return getsockopt(client.socket_, SOL_SOCKET, SO_PEERCRED, &owner, &size) == 0 && owner.uid == geteuid();
  }

  int socket_;
};

}  // namespace

struct LoginLock::Held {
  std::unique_ptr<base::FileLock> file;
  std::unique_ptr<SocketLock> socket;
};

LoginLock::LoginLock(const LockLocations& locations, const LoginSubject& subject,
                     const base::Deadline& deadline, base::Clock& clock)
    : records_(locations, subject, clock), held_(std::make_unique<Held>()) {
  const std::string what = "logging in to " + subject.login.host;
  const auto lock = lock_name(subject.login);
  for (const auto& directory : locations.directories) {
    if (!make_private(directory)) continue;
    try {
      held_->file = std::make_unique<base::FileLock>(directory / lock, what, deadline, clock);
      return;
    } catch (const base::Error& error) {
      if (error.kind() == base::Kind::busy) throw;
    }
  }
  const std::string name = "docker-credential-snowflake-" + std::to_string(geteuid()) + "-" + lock;
  base::wait_for_lock([&] { return SocketLock::try_lock(name, held_->socket); }, what, deadline, clock);
}

LoginLock::LoginLock(LoginLock&&) noexcept = default;

LoginLock::~LoginLock() = default;

}  // namespace token
