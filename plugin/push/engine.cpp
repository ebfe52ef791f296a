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

std::string last_line(const Slice& output) {
  const auto text = std::string{base::trim(output.text())};
  const auto line = text.substr(text.rfind('\n') + 1);
  return base::printable(line, 300);
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
  const std::string hint =
      "docker image ls shows what there is; oci:DIR, oci-archive:FILE, docker-archive:FILE and - need no "
      "engine";
  if (status == not_installed)
    throw Error(Kind::config, "neither docker nor podman is installed to get the image from", hint);
  if (status != 0) {
    throw Error(Kind::not_found, "the engine did not return " + quoted(name) + ": " + last_line(err.slice()),
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

std::unique_ptr<ImageFiles> Engine::save(const EngineImage& image, const std::string& name) const {
  Spool out{environment_, image.size};
  const Spool err{environment_, 0};
  const int status = run_client({"image", "save", "--", name}, out.descriptor(), err.descriptor());
  if (status != 0) {
    throw Error(Kind::config,
                "the engine could not export all of " + quoted(name) + ": " + last_line(err.slice()),
                "look for a full disk, here and at the engine");
  }
  return files_of_tar(out.file(), name, environment_);
}

int Engine::run(const std::vector<std::string>& arguments) const {
  const int status = run_client(arguments, STDOUT_FILENO, STDERR_FILENO);
  if (status == not_installed)
    throw Error(Kind::config, "neither docker nor podman is installed", "install one");
  return status;
}

}  // namespace plugin::push
