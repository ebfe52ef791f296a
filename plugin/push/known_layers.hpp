// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/environment.hpp"
#include "registry/cache_file.hpp"
#include "registry/manifest.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

using registry::Descriptor;

/// The blobs that layers were compressed to in earlier pushes, so that their digests are known without
/// compressing them again. Only a hint: the registry is asked before one is used.
class KnownLayers {
public:
  explicit KnownLayers(const base::Environment&);
  KnownLayers(const KnownLayers& other) : file_(other.file_) {
    const std::lock_guard lock{other.mutex_};
    layers_ = other.layers_;
    manifests_ = other.manifests_;
    added_ = other.added_;
  }
  KnownLayers& operator=(const KnownLayers&) = delete;

  /// The blob that a layer was at `host`, and the image names there that have it, `host/path` each.
  struct Known {
    Descriptor descriptor;
    std::set<std::string> images;
  };
  std::optional<Known> find(const std::string& host, const std::string& diff_id) const;
  void add(const std::string& host, const std::string& diff_id, const Descriptor&, const std::string& image);
  /// Looks for the layers with these diffIDs in the images that are there under the repository's name, that
  /// with `first_tag` first: their manifests and configurations show which blobs the layers became. Throws as
  /// `registry::Repository`.
  void learn(registry::Repository&, const std::string& first_tag, std::set<std::string> wanted);
  /// The manifest that an image with this configuration had; empty when that is not known.
  std::string manifest_of(const std::string& image, const std::string& config_digest) const;
  void add_manifest(const std::string& image, const std::string& config_digest, const std::string& digest);
  /// Writes what was added, and what other processes have written meanwhile: the newest of it.
  void save() const;

private:
  void read();

  registry::CacheFile file_;
  mutable std::mutex mutex_;
  std::map<std::string, Known> layers_;           ///< by host and diffID
  std::map<std::string, std::string> manifests_;  ///< by image and configuration
  std::set<std::string> added_;                   ///< keys of both
};

}  // namespace plugin::push
