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
#include "push/blob_upload.hpp"
#include "push/image.hpp"
#include "push/memory.hpp"
#include "push/progress.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

/// An image at a registry.
struct Location {
  std::string host;
  std::string path;       ///< database/schema/repository/image
  std::string reference;  ///< a tag, or a digest

  /// `host/path`.
  std::string image() const { return host + "/" + path; }
};

/// What is in the registry when a push has succeeded.
struct Pushed {
  std::string digest;
  std::size_t size = 0;  ///< of the manifest
};

/// Puts an image into a registry: blobs first, several at once, then manifests, the tag last. What the
/// registry has is neither sent nor compressed.
class Pusher {
public:
  struct Options {
    std::size_t parallel = 3;
    bool resume = true;
    std::function<void()> on_interrupt = {};  ///< called once, as soon as the user wants to end it
  };

  Pusher(const base::Environment&, base::Clock&, registry::CredentialSource, Location target, Options,
         Progress&);

  /// Throws `denied` with the privilege that is missing, `network` when nothing moves any more, and
  /// `Interrupted`; after the last two the same push continues where this one stopped.
  Pushed push(Contents);
  /// The same for the image with this configuration, if the registry has all of it under this name: then only
  /// the tag is written. Absent when it does not.
  std::optional<Pushed> push_known(const std::string& config_digest);

private:
  struct Task {
    Blob* blob;
    std::optional<std::size_t> row;  ///< of the progress; a configuration has none
  };
  /// Gives the bytes of a blob when they are needed; null when they are not to be had.
  using BytesWhenNeeded = std::function<const Slice*()>;

  void authorize(const std::set<std::string>& mount_sources);
  registry::Repository repository(std::function<void(const std::string&)> on_wait = {});
  std::vector<Task> tasks_for(Contents&);
  void learn_from_repository(const Contents&);
  void run(std::vector<Task> tasks);
  void work(const std::vector<Task>& tasks);
  void send(registry::Repository&, const Task&);
  bool upload(registry::Repository&, const Task&, const Descriptor&, const BytesWhenNeeded&);
  registry::Reply ask(registry::Repository&, const Task&, const BlobUpload&, const Descriptor&, const Slice*);
  Slice compress(const Task&);
  void verify(const Task&);
  std::string mount_source(const Blob&, const std::string& digest) const;
  Pushed store_manifests(Contents&);
  void delete_abandoned();

  const base::Environment& environment_;
  base::Clock& clock_;
  registry::CredentialSource credential_;
  Location target_;
  Options options_;
  Progress& progress_;
  Abilities abilities_;
  SavedUploads saved_;
  KnownLayers known_;
  std::unique_ptr<registry::Authorization> authorization_;
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> next_task_{0};
  std::atomic<std::size_t> running_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;          ///< of the first worker that failed
  std::vector<std::string> abandoned_;  ///< upload sessions that nobody will continue
};

}  // namespace plugin::push
