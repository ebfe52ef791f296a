// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "push/files.hpp"

namespace plugin::push {

/// What an engine reports about an image.
struct EngineImage {
  std::string id;  ///< digest of the configuration, or of the manifest or index with containerd's image store
  std::vector<std::string> diff_ids;
  std::uint64_t size = 0;
  std::string platform;
};

/// How a run of the client ended.
struct EngineRun {
  enum class Cause { no_engine, no_image, other };
  int status = 0;
  std::string err;             ///< what it wrote to standard error
  Cause cause = Cause::other;  ///< of a failure
};

/// The output of a client without its warnings, such as one about a file that it cannot read.
std::string without_warnings(std::string_view output);

/// What makes the engine answer, after a client that reached none wrote `output`.
std::string how_to_reach_engine(std::string_view output, const base::Environment&);

/// The engine that `docker` connects to, local or remote; that of `podman` when docker is not installed. All
/// calls go through the client program, which knows contexts, SSH and certificates.
class Engine {
public:
  /// `client`: the program and Docker's own options, such as --context.
  Engine(const base::Environment& environment, std::vector<std::string> client)
      : environment_(environment), client_(std::move(client)) {}

  /// Throws `not_found` when the engine does not have the image, `config` when there is no client.
  EngineImage inspect(const std::string& name) const;
  /// The Unix socket of this machine that `docker` connects to; absent for a remote engine, and for podman.
  std::optional<std::string> local_socket() const;
  /// Exports the image to a spool file. Throws `config`.
  std::unique_ptr<ImageFiles> save(const EngineImage&, const std::string& name) const;
  /// Runs `docker pull <arguments>` on this program's standard output. Throws `config` when there is no
  /// client.
  EngineRun pull(const std::vector<std::string>& arguments) const;

private:
  int run_client(const std::vector<std::string>& arguments, int out, int err) const;

  const base::Environment& environment_;
  std::vector<std::string> client_;
};

}  // namespace plugin::push
