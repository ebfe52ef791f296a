// SPDX-License-Identifier: Apache-2.0
#include "subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/error.hpp"

namespace plugin {
namespace {

class Pipe {
public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw base::Error(base::Kind::internal, "no pipe can be made");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int end(std::size_t index) const { return ends_[index]; }
  void close_end(std::size_t index) {
    if (ends_[index] >= 0) close(ends_[index]);
    ends_[index] = -1;
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

/// Whatever comes from either until both have ended. False when nothing came for `timeout`.
bool read_both(Pipe& out, Pipe& err, ProgramResult& result,
               std::optional<std::chrono::milliseconds> timeout) {
  const int poll_timeout = timeout ? static_cast<int>(timeout->count()) : -1;
  std::array<pollfd, 2> watched{pollfd{out.end(0), POLLIN, 0}, pollfd{err.end(0), POLLIN, 0}};
  const std::array texts{&result.out, &result.err};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    const int ready = poll(watched.data(), watched.size(), poll_timeout);
    if (ready == 0) return false;
    if (ready < 0 && errno != EINTR) return true;
    for (std::size_t index = 0; index < watched.size(); ++index) {
      if (watched[index].fd < 0 || watched[index].revents == 0) continue;
      std::array<char, 4096> buffer;
      const auto count = read(watched[index].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[index]->append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        watched[index].fd = -1;
      }
    }
  }
  return true;
}

}  // namespace

std::optional<ProgramResult> run_program(const std::vector<std::string>& words, const base::Secret& input,
                                         const base::Environment& environment,
                                         std::optional<std::chrono::milliseconds> timeout) {
  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.end(0), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.end(1), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.end(1), STDERR_FILENO);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  };
  std::vector<std::string> copies = words;
  std::vector<std::string> variables = environment.for_children();
  const auto arguments = pointers(copies);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) return std::nullopt;
  if (error != 0) throw base::Error(base::Kind::internal, words[0] + " cannot be started");
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);

  ProgramResult result;
  // A program that does not read its input must not end this one.
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  const auto text = input.reveal();
  [[maybe_unused]] const auto written = write(in.end(1), text.data(), text.size());
  in.close_end(1);
  if (!read_both(out, err, result, timeout)) kill(child, SIGKILL);
  std::signal(SIGPIPE, old);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace plugin
