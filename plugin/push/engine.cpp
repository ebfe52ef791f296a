// SPDX-License-Identifier: Apache-2.0
#include "push/engine.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "push/image.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;

constexpr int not_installed = -1;

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return text.find(part) != text.npos; });
}

/// What a client wrote last, without the words that it puts in front of every error.
std::string last_line(std::string_view output) {
  auto line = base::trim(output);
  line = line.substr(line.rfind('\n') + 1);
  for (const std::string_view prefix : {"Error response from daemon: ", "Error: "}) {
    if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
  }
  return base::printable(line, 300);
}

/// As a word of a shell's command.
std::string user_name(const base::Environment& environment) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  const auto name = environment.first_of({"USER", "LOGNAME"}).value_or("");
  return name.empty() || name.find_first_not_of(plain) != std::string::npos ? "\"$USER\"" : name;
}

/// Whether a client reached no engine.
bool is_unreachable(std::string_view output) {
  return contains_any(
      output, {"Cannot connect to", "Is the docker daemon running", "failed to connect to",
               "error during connect", "permission denied while trying to connect", "unable to connect to"});
}

/// Whether an engine says that it has no such image: docker, and podman.
bool is_absent(std::string_view output) {
  return contains_any(output, {"No such image", "No such object", "no such image", "image not known"});
}

constexpr const char* without_engine = "oci:DIR, oci-archive:FILE, docker-archive:FILE and - need no engine";

/// The error for an image that the client did not return.
Error not_returned(const std::string& name, const std::string& output, const base::Environment& environment) {
  if (is_unreachable(output)) {
    return {Kind::config, "no engine to get " + quoted(name) + " from: " + last_line(output),
            how_to_reach_engine(output, environment) + "; " + without_engine};
  }
  const std::string next = std::string{"docker image ls lists the images; "} + without_engine;
  if (is_absent(output)) return {Kind::not_found, "the engine has no image " + quoted(name), next};
  return {Kind::not_found, "the engine did not return " + quoted(name) + ": " + last_line(output), next};
}

}  // namespace

int Engine::run_client(const std::vector<std::string>& arguments, int out, int err) const {
  for (auto command : {client_, std::vector<std::string>{"podman"}}) {
    command.insert(command.end(), arguments.begin(), arguments.end());
    if (const auto status = base::run_attached_program(command, environment_, out, err)) return *status;
  }
  return not_installed;
}

EngineImage Engine::inspect(const std::string& name) const {
  const Spool out{environment_, 0};
  const Spool err{environment_, 0};
  const int status = run_client({"image", "inspect", "--format", "{{json .}}", "--", name}, out.descriptor(),
                                err.descriptor());
  if (status == not_installed) {
    throw Error(Kind::config, "neither docker nor podman is installed to get the image from",
                std::string{"install one; "} + without_engine);
  }
  if (status != 0) throw not_returned(name, err.slice().text(), environment_);
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

std::unique_ptr<ImageFiles> Engine::save(const EngineImage& image, const std::string& name) const {
  Spool out{environment_, image.size};
  const Spool err{environment_, 0};
  const int status = run_client({"image", "save", "--", name}, out.descriptor(), err.descriptor());
  if (status != 0) {
    throw Error(Kind::config,
                "the engine could not export all of " + quoted(name) + ": " + last_line(err.slice().text()),
                "look for a full disk, here and at the engine");
  }
  return files_of_tar(out.file(), name, environment_);
}

EngineRun Engine::pull(const std::vector<std::string>& arguments) const {
  const Spool err{environment_, 0};
  std::vector<std::string> words{"pull"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const int status = run_client(words, STDOUT_FILENO, err.descriptor());
  if (status == not_installed)
    throw Error(Kind::config, "neither docker nor podman is installed", "install one");
  EngineRun run{status, err.slice().text(), EngineRun::Cause::other};
  if (is_unreachable(run.err)) {
    run.cause = EngineRun::Cause::no_engine;
  } else if (contains_any(run.err, {"manifest unknown", ": not found"}) &&
             !contains_any(run.err, {"executable file not found"})) {
    run.cause = EngineRun::Cause::no_image;
  }
  return run;
}

std::string without_warnings(std::string_view output) {
  auto lines = base::split(output, '\n');
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("WARNING: "); });
  return base::join(lines, "\n");
}

std::string how_to_reach_engine(std::string_view output, const base::Environment& environment) {
  if (contains_any(without_warnings(output), {"permission denied"}))
    return "sudo usermod -aG docker " + user_name(environment) + ", then log out and log in again";
  for (const char* variable : {"DOCKER_HOST", "DOCKER_CONTEXT"}) {
    if (environment.non_empty(variable)) return "start that daemon, or unset " + std::string{variable};
  }
  std::error_code ignored;
  if (std::filesystem::exists("/run/systemd/system", ignored)) return "sudo systemctl start docker";
  return "start it: sudo service docker start, or start Docker Desktop";
}

}  // namespace plugin::push
