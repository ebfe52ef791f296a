// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <iostream>
#include <system_error>
#include <thread>

#include "base/interruption.hpp"
#include "base/program.hpp"
#include "config/connection_keys.hpp"
#include "output/wrapped_lines.hpp"
#include "plugin.hpp"
#include "ui/terminal.hpp"

namespace {

/// Statements may take long, and a user can press Ctrl-C.
constexpr std::chrono::hours timeout{1};

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

/// Docker ends a plugin by closing a socket, when no terminal sends signals to both
/// (`docker/PROTOCOL.md` 2.4). From now on that counts as SIGTERM. Nothing happens where Docker offers no
/// socket.
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

int run(const std::vector<std::string>& arguments) {
  const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
  base::SystemClock clock;
  end_with_docker(environment);
  config::RegistryResolver resolver{environment};
  ui::Terminal terminal{environment};
  plugin::Wiring wiring{environment, clock, resolver, timeout, &terminal};
  plugin::Context context{
      environment, clock,     resolver,  wiring,
      terminal,    std::cout, std::cerr, plugin::output::Terminal::of_process(environment)};
  try {
    const int status = plugin::run(arguments, context);
    context.out.flush();
    if (status != 0 || context.out) return status;
    // Like a program that SIGPIPE ends: `docker snowflake images | head -1` is not a mistake.
    if (base::standard_output_is_closed()) return 128 + SIGPIPE;
    throw base::Error(base::Kind::config, "standard output cannot be written to",
                      "check that it is open and that the disk is not full: df -h .");
  } catch (const base::Error& error) {
    context.out.flush();
    return plugin::report(error, context.enhanced_exit_codes, context.err);
  }
}

}  // namespace

int main(int argc, char** argv) {
  base::prepare_program();
  // Docker asks every plugin for this whenever it shows help: nothing else may run before it.
  if (argc == 2 && std::string_view{argv[1]} == "docker-cli-plugin-metadata") {
    std::cout << plugin::metadata() << std::endl;
    return 0;
  }
  base::handle_interruptions();
  const plugin::output::WrappedLines errors{std::cerr, STDERR_FILENO};
  try {
    return run({argv + 1, argv + argc});
  } catch (const base::Error& error) {
    return plugin::report(error, false, std::cerr);
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return plugin::report({base::Kind::network, "an answer is too large for the memory of this machine"},
                          false, std::cerr);
  } catch (const std::exception& error) {
    return plugin::report({base::Kind::internal, error.what()}, false, std::cerr);
  }
}
