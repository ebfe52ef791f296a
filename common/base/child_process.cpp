// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interruption.hpp"
#include "base/text.hpp"

namespace base {
namespace {

constexpr std::size_t max_output = 8U << 20;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw file_error("cannot make", "a pipe", errno);
    reading = Descriptor{ends[0]};
    writing = Descriptor{ends[1]};
  }
  Descriptor reading;
  Descriptor writing;
};

/// How a child is started.
class Plan {
public:
  explicit Plan(short flags) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // This program ignores these two signals, and children would inherit that.
    sigset_t restored;
    sigemptyset(&restored);
    sigaddset(&restored, SIGPIPE);
    sigaddset(&restored, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &restored);
    posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGDEF | flags));
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }

  posix_spawn_file_actions_t& actions() { return actions_; }

  /// 0, or an errno.
  int start(const std::filesystem::path& program, std::vector<std::string> command,
            const Environment& environment, pid_t& child) const {
    auto variables = environment.for_children();
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> result;
      for (auto& text : texts) result.push_back(text.data());
      result.push_back(nullptr);
      return result;
    };
    const auto arguments = pointers(command);
    return posix_spawn(&child, program.c_str(), &actions_, &attributes_, arguments.data(),
                       pointers(variables).data());
  }

private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Kills a child that is still running, and reaps it either way.
class Child {
public:
  explicit Child(pid_t id) : id_(id) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ == 0) return;
    kill(id_, SIGKILL);
    wait();
  }

  void end(int signal) const { kill(id_, signal); }
  bool has_ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }
  int wait() {
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t id_;
};

/// Writes as much as fits. False when nothing is left to write, or the reader has closed its end.
bool write_some(int file, std::string_view& text) {
  const ssize_t written = write(file, text.data(), text.size());
  if (written < 0) return errno == EINTR || errno == EAGAIN;
  text.remove_prefix(static_cast<std::size_t>(written));
  return !text.empty();
}

/// False when the stream has ended.
bool read_some(int file, std::string& text) {
  std::array<char, 16384> buffer;
  const ssize_t count = read(file, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

/// How often to check whether the program has ended: a process that it left behind may keep the streams open.
constexpr std::chrono::milliseconds interval{50};
/// The same for a program whose output is not read here.
constexpr std::chrono::milliseconds short_interval{20};

/// Writes `input` and reads both output streams until they end, or the program has ended and nothing is left
/// to read. False when that takes longer than `timeout`, or the output is too long.
bool communicate(const Child& child, Pipe& in, Pipe& out, Pipe& err, std::string_view input,
                 ProgramResult& result, std::optional<std::chrono::milliseconds> timeout) {
  const auto started = std::chrono::steady_clock::now();
  fcntl(in.writing.number(), F_SETFL, O_NONBLOCK);
  std::array<pollfd, 3> watched{pollfd{in.writing.number(), POLLOUT, 0},
                                pollfd{out.reading.number(), POLLIN, 0},
                                pollfd{err.reading.number(), POLLIN, 0}};
  const auto close_input = [&] {
    in.writing = Descriptor{};
    watched[0].fd = -1;
  };
  if (input.empty()) close_input();
  while (watched[1].fd >= 0 || watched[2].fd >= 0) {
    throw_if_interrupted();
    const int ready = poll(watched.data(), watched.size(), static_cast<int>(interval.count()));
    if (ready == 0 && child.has_ended()) return true;
    result.timed_out = timeout && std::chrono::steady_clock::now() - started >= *timeout;
    if (result.timed_out || result.out.size() + result.err.size() > max_output) return false;
    if (ready <= 0) continue;
    if (watched[0].fd >= 0 && watched[0].revents != 0 && !write_some(watched[0].fd, input)) close_input();
    if (watched[1].fd >= 0 && watched[1].revents != 0 && !read_some(watched[1].fd, result.out))
      watched[1].fd = -1;
    if (watched[2].fd >= 0 && watched[2].revents != 0 && !read_some(watched[2].fd, result.err))
      watched[2].fd = -1;
  }
  return true;
}

/// The file of a program, which is given as in `run_program`; absent when there is none.
std::optional<std::filesystem::path> file_of(const std::string& program, const Environment& environment) {
  if (program.find('/') == std::string::npos) return find_program(program, environment);
  std::error_code failure;
  if (!std::filesystem::exists(program, failure) && !failure) return std::nullopt;
  return program;
}

/// The child that a plan starts; absent when there is no such program.
std::optional<Child> start(const Plan& plan, const std::vector<std::string>& command,
                           const Environment& environment) {
  const auto program = file_of(command[0], environment);
  if (!program) return std::nullopt;
  // If the parent process ignored SIGCHLD, this one inherited that, and exit statuses would be lost.
  signal(SIGCHLD, SIG_DFL);
  pid_t id = 0;
  const int error = plan.start(*program, command, environment, id);
  if (error != 0) {
    // For example, a script with Windows line ends.
    const std::string cause = error == ENOENT ? "the interpreter that its first line names does not exist"
                                              : std::generic_category().message(error);
    throw Error(Kind::config, printable(command[0]) + " cannot be started: " + cause,
                "run it yourself to see what is wrong: " + printable(command[0]));
  }
  return std::optional<Child>{std::in_place, id};
}

}  // namespace

std::optional<std::filesystem::path> find_program(const std::string& name, const Environment& environment) {
  for (const auto& directory : split(environment.get("PATH").value_or(""), ':')) {
    if (!directory.starts_with('/')) continue;
    const auto program = std::filesystem::path{directory} / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(program, ignored) && access(program.c_str(), X_OK) == 0)
      return program;
  }
  return std::nullopt;
}

std::optional<ProgramResult> run_program(const std::vector<std::string>& command, const Secret& input,
                                         const Environment& environment,
                                         std::optional<std::chrono::milliseconds> timeout) {
  Pipe in;
  Pipe out;
  Pipe err;
  Plan plan{0};
  posix_spawn_file_actions_adddup2(&plan.actions(), in.reading.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&plan.actions(), out.writing.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&plan.actions(), err.writing.number(), STDERR_FILENO);
  auto child = start(plan, command, environment);
  if (!child) return std::nullopt;
  in.reading = Descriptor{};
  out.writing = Descriptor{};
  err.writing = Descriptor{};
  ProgramResult result;
  if (!communicate(*child, in, out, err, input.reveal(), result, timeout)) child->end(SIGKILL);
  result.status = child->wait();
  return result;
}

std::optional<int> run_attached_program(const std::vector<std::string>& command,
                                        const Environment& environment, int out, int err) {
  Plan plan{0};
  posix_spawn_file_actions_adddup2(&plan.actions(), out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&plan.actions(), err, STDERR_FILENO);
  auto child = start(plan, command, environment);
  if (!child) return std::nullopt;
  while (!child->has_ended()) {
    if (was_interrupted()) {
      child->end(SIGTERM);
      child->wait();
      throw Interrupted{};
    }
    pollfd interruption{interruption_descriptor(), POLLIN, 0};
    poll(&interruption, 1, static_cast<int>(short_interval.count()));
  }
  return child->wait();
}

bool start_program(const std::vector<std::string>& command, const Environment& environment) {
  Plan plan{POSIX_SPAWN_SETSID};
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&plan.actions(), stream, "/dev/null", O_RDWR, 0);
  const auto program = file_of(command[0], environment);
  pid_t child = 0;
  return program && plan.start(*program, command, environment, child) == 0;
}

}  // namespace base
