// SPDX-License-Identifier: Apache-2.0
#include "push/engine.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "push/image.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr auto poll_interval = 20ms;
constexpr int not_installed = -1;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Waits for a child and returns its exit status. An interruption by the user ends the child first.
int wait_for(pid_t child) {
  int status = 0;
  for (pid_t ended = 0; ended != child;) {
    ended = waitpid(child, &status, WNOHANG);
    // Without its exit status, what it printed may be half of an image.
    if (ended < 0 && errno != EINTR)
      throw Error(Kind::internal, std::string{"how docker ended is not known: "} + std::strerror(errno));
    if (base::was_interrupted()) {
      kill(child, SIGTERM);
      waitpid(child, &status, 0);
      throw base::Interrupted{};
    }
    if (ended == 0) std::this_thread::sleep_for(poll_interval);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string last_line(const Slice& output) {
  const auto text = std::string{base::trim(output.text())};
  const auto line = text.substr(text.rfind('\n') + 1);
  return base::printable(line, 300);
}

}  // namespace

int Engine::run_client(const std::vector<std::string>& words, int out, int err) const {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  auto variables = environment_.for_children();
  pid_t child = 0;
  int failure = ENOENT;
  std::string program;
  for (auto arguments : {client_, std::vector<std::string>{"podman"}}) {
    arguments.insert(arguments.end(), words.begin(), words.end());
    program = arguments.front();
    failure = posix_spawnp(&child, arguments.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                           pointers(variables).data());
    if (failure != ENOENT) break;
  }
  posix_spawn_file_actions_destroy(&actions);
  if (failure == ENOENT) return not_installed;
  if (failure != 0)
    throw Error(Kind::config, program + " cannot be started: " + std::strerror(failure),
                "check the file that the PATH finds for " + program + ", and its permissions");
  return wait_for(child);
}

EngineImage Engine::inspect(const std::string& name) const {
  const Spool out{environment_, 0};
  const Spool err{environment_, 0};
  const int status = run_client({"image", "inspect", "--format", "{{json .}}", "--", name}, out.descriptor(),
                                err.descriptor());
  const std::string hint =
      "docker image ls shows what there is; oci:DIR, oci-archive:FILE, docker-archive:FILE and - need no "
      "engine";
  if (status == not_installed)
    throw Error(Kind::config, "neither docker nor podman is installed to get the image from", hint);
  if (status != 0) {
    throw Error(Kind::not_found,
                "the engine did not return '" + base::printable(name, 200) + "': " + last_line(err.slice()),
                hint);
  }
  const auto json = base::parse_json(out.slice().text()).value_or(base::Json{});
  EngineImage image;
  image.id = base::text_at(json, "Id").value_or("");
  if (!image.id.starts_with("sha256:")) image.id = "sha256:" + image.id;
  image.size =
      static_cast<std::uint64_t>(std::max<std::int64_t>(base::whole_number_at(json, "Size").value_or(0), 0));
  image.platform =
      base::text_at(json, "Os").value_or("") + "/" + base::text_at(json, "Architecture").value_or("");
  for (const auto& id : base::member(base::member(json, "RootFS"), "Layers")) {
    if (id.is_string()) image.diff_ids.push_back(id.get<std::string>());
  }
  return image;
}

std::optional<std::string> Engine::local_socket() const {
  const Spool out{environment_, 0};
  const Spool err{environment_, 0};
  // Podman has no contexts, and fails.
  if (run_client({"context", "inspect", "--format", "{{.Endpoints.docker.Host}}"}, out.descriptor(),
                 err.descriptor()) != 0)
    return std::nullopt;
  const auto host = std::string{base::trim(out.slice().text())};
  constexpr std::string_view scheme = "unix://";
  return host.starts_with(scheme) ? std::optional{host.substr(scheme.size())} : std::nullopt;
}

std::unique_ptr<Files> Engine::save(const EngineImage& image, const std::string& name) const {
  Spool out{environment_, image.size};
  const Spool err{environment_, 0};
  const int status = run_client({"image", "save", "--", name}, out.descriptor(), err.descriptor());
  if (status != 0) {
    throw Error(
        Kind::config,
        "the engine could not export all of '" + base::printable(name, 200) + "': " + last_line(err.slice()),
        "look for a full disk, here and at the engine");
  }
  return files_of_tar(out.file(), name, environment_);
}

int Engine::run(const std::vector<std::string>& words) const {
  const int status = run_client(words, STDOUT_FILENO, STDERR_FILENO);
  if (status == not_installed)
    throw Error(Kind::config, "neither docker nor podman is installed", "install one");
  return status;
}

}  // namespace plugin::push
