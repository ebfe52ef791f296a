// SPDX-License-Identifier: Apache-2.0
#include "plugin_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <system_error>
#include <thread>

namespace plugin {
namespace {

int connect_to(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) return -1;
  name.copy(address.sun_path, name.size());
  // A name in no file system begins with a zero byte, written as @.
  if (name.front() == '@') address.sun_path[0] = '\0';
  const int socket_end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (connect(socket_end, reinterpret_cast<const sockaddr*>(&address), length) == 0) return socket_end;
  close(socket_end);
  return -1;
}

}  // namespace

void end_with_docker(const base::Environment& environment) {
  const auto name = environment.non_empty("DOCKER_CLI_PLUGIN_SOCKET");
  const int socket_end = name ? connect_to(*name) : -1;
  if (socket_end < 0) return;
  try {
    std::thread{[socket_end] {
      char byte = 0;
      while (read(socket_end, &byte, 1) > 0) {
      }
      kill(getpid(), SIGTERM);
    }}.detach();
  } catch (const std::system_error&) {
    // No thread can be made: Docker kills this process a little later.
    close(socket_end);
  }
}

}  // namespace plugin
