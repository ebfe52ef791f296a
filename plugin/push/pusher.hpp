// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "push/image.hpp"
#include "push/known_layers.hpp"
#include "push/push_progress.hpp"
#include "push/send_blob.hpp"
#include "registry/image_client.hpp"
#include "registry/worker_threads.hpp"

namespace plugin::push {

/// Names an image at a registry.
struct RegistryImage {
  std::string host;
  std::string path;       ///< database/schema/repository/image
  std::string reference;  ///< a tag, or a digest

  /// The image repository, `database.schema.repository`, in the letters of the path.
  std::string repository() const;
  /// `host/path`.
  std::string image() const { return host + "/" + path; }
  bool has_digest() const { return registry::is_digest(reference); }
  /// `host/path:tag` or `host/path@sha256:...`.
  std::string text() const { return image() + (has_digest() ? "@" : ":") + reference; }
};

/// Pushes an image to a registry: blobs first, several at once, then manifests, the tag last. Blobs that the
/// registry has are neither sent nor compressed.
class Pusher {
public:
  struct Options {
    std::size_t parallel = 3;
    bool resume = true;
    std::function<void()> on_interrupt = {};  ///< called once, as soon as the user interrupts
  };

  Pusher(const base::Environment&, base::Clock&, registry::Access, RegistryImage target, Options,
         PushProgress&);

  /// Throws `denied` with the missing privilege, `network` when there is no more progress, and `Interrupted`;
  /// after the last two the same push continues where this one stopped.
  PushedManifest push(Contents);
  /// Pushes the image with this configuration if the registry already has it under this image name: only the
  /// tag is written. Absent when the registry does not have it.
  std::optional<PushedManifest> push_known(const std::string& config_digest);
  /// Whether the target's tag exists already.
  bool tag_exists();
  /// Records the digest of the image with this configuration, which was pushed by other means.
  void record_manifest(const std::string& config_digest, const std::string& digest);

private:
  struct Task {
    Blob* blob;
    std::optional<std::size_t> row;  ///< in the progress; absent for a configuration
  };

  void authorize(const std::set<std::string>& mount_sources);
  registry::ImageClient image_client(std::function<void(const std::string&)> on_wait = {});
  std::vector<Task> tasks_for(Contents&);
  void learn_from_other_tags(const Contents&);
  void run(const std::vector<Task>& tasks);
  void work(const std::vector<Task>& tasks);
  void prepare_and_send(registry::ImageClient&, const Task&);
  bool send_known_blob(registry::ImageClient&, const Task&);
  void compress_and_send(const Task&);
  UploadEvents events_of(std::optional<std::size_t> row, const std::atomic<std::uint64_t>& size);
  std::function<void(const std::string&)> on_wait_of(std::optional<std::size_t> row);
  bool send(registry::ImageClient&, const Task&, const Descriptor&, std::function<const Slice*()> bytes,
            std::function<void()> verify);
  std::string mount_source(const Blob&, const std::string& digest) const;
  PushedManifest store_manifests(Contents&);
  void delete_abandoned();

  const base::Environment& environment_;
  base::Clock& clock_;
  registry::Access access_;
  RegistryImage target_;
  Options options_;
  PushProgress& progress_;
  std::atomic<bool> stop_{false};
  registry::HttpClientPool clients_;
  UploadContext uploads_;
  KnownLayers known_;
  std::unique_ptr<registry::Authorization> authorization_;
  std::optional<bool> tag_exists_;  ///< absent until the registry was asked
  std::atomic<std::size_t> next_task_{0};
};

/// The error of a push with its next step: the missing privilege, or how to continue.
base::Error with_hint(const base::Error&, const registry::Access&, bool resume);

}  // namespace plugin::push
