// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "push/files.hpp"

namespace plugin::push {

/// What an engine reports about an image.
struct EngineImage {
  std::string id;  ///< digest of the configuration; of the manifest or index, with containerd's store
  std::vector<std::string> diff_ids;
  std::uint64_t size = 0;
  std::string platform;
};

/// The engine that `docker` talks to, wherever it is; `podman` when there is no docker. It is
/// reached through its own client, which knows about contexts, SSH and certificates.
class Engine {
public:
  /// `client`: how Docker is called, with its own options in front of a command, such as --context.
  Engine(const base::Environment& environment, std::vector<std::string> client)
      : environment_(environment), client_(std::move(client)) {}

  /// Throws `not_found` when it has no such image, `config` when there is no engine.
  EngineImage inspect(const std::string& name) const;
  /// The Unix socket of this machine that `docker` talks to; absent for an engine elsewhere, and for podman.
  std::optional<std::string> local_socket() const;
  /// The image as an archive, spooled. Throws `config`.
  std::unique_ptr<Files> save(const EngineImage&, const std::string& name) const;
  /// Runs `docker <words>` on this program's standard streams. Returns its exit status.
  int run(const std::vector<std::string>& words) const;

private:
  int run_client(const std::vector<std::string>& words, int out, int err) const;

  const base::Environment& environment_;
  std::vector<std::string> client_;
};

}  // namespace plugin::push
