// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "push/blob_sender.hpp"
#include "push/image.hpp"
#include "push/known_layers.hpp"
#include "push/progress.hpp"
#include "registry/client_pool.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

/// An image at a registry.
struct Location {
  std::string host;
  std::string path;       ///< database/schema/repository/image
  std::string reference;  ///< a tag, or a digest

  /// `database.schema.repository`, as the path has it.
  std::string repository() const;
  /// `host/path`.
  std::string image() const { return host + "/" + path; }
  bool has_digest() const { return registry::is_digest(reference); }
  /// `host/path:tag` or `host/path@sha256:...`.
  std::string text() const { return image() + (has_digest() ? "@" : ":") + reference; }
};

/// What is in the registry when a push has succeeded.
struct Pushed {
  std::string digest;
  std::size_t size = 0;  ///< of the manifest
};

/// Pushes an image to a registry: blobs first, several at once, then manifests, the tag last. What the
/// registry has is neither sent nor compressed.
class Pusher {
public:
  struct Options {
    std::size_t parallel = 3;
    bool resume = true;
    std::function<void()> on_interrupt = {};  ///< called once, as soon as the user interrupts
  };

  Pusher(const base::Environment&, base::Clock&, registry::Access, Location target, Options, Progress&);

  /// Throws `denied` with the privilege that is missing, `network` when nothing moves any more, and
  /// `Interrupted`; after the last two the same push continues where this one stopped.
  Pushed push(Contents);
  /// The same for the image with this configuration, if the registry has all of it under this name: then only
  /// the tag is written. Absent when it does not.
  std::optional<Pushed> push_known(const std::string& config_digest);
  /// Whether the tag to write exists already.
  bool has_target();
  /// Records that the image with this configuration was pushed by other means, and has this digest.
  void remember(const std::string& config_digest, const std::string& digest);

private:
  struct Task {
    Blob* blob;
    std::optional<std::size_t> row;  ///< of the progress; a configuration has none
  };

  void authorize(const std::set<std::string>& mount_sources);
  registry::Repository repository(std::function<void(const std::string&)> on_wait = {});
  std::vector<Task> tasks_for(Contents&);
  void learn_from_repository(const Contents&);
  void run(std::vector<Task> tasks);
  void work(const std::vector<Task>& tasks);
  void prepare_and_send(registry::Repository&, const Task&);
  bool send_as_before(registry::Repository&, const Task&);
  void compress_and_send(const Task&);
  UploadEvents events_of(std::optional<std::size_t> row, const std::atomic<std::uint64_t>& size);
  std::function<void(const std::string&)> on_wait_of(std::optional<std::size_t> row);
  bool send(registry::Repository&, const Task&, const Descriptor&, std::function<const Slice*()> bytes,
            std::function<void()> verify);
  std::string mount_source(const Blob&, const std::string& digest) const;
  Pushed store_manifests(Contents&);
  void delete_abandoned();

  const base::Environment& environment_;
  base::Clock& clock_;
  registry::Access access_;
  Location target_;
  Options options_;
  Progress& progress_;
  std::atomic<bool> stop_{false};
  registry::ClientPool clients_;
  Uploads uploads_;
  KnownLayers known_;
  std::unique_ptr<registry::Authorization> authorization_;
  std::optional<bool> has_target_;  ///< absent as long as the registry has not been asked
  std::atomic<std::size_t> next_task_{0};
  std::atomic<std::size_t> running_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;  ///< of the first worker that failed
};

/// The error of a push, with the privilege that is missing or with how to continue.
base::Error with_hint(const base::Error&, const Location& target, bool resume);

}  // namespace plugin::push
