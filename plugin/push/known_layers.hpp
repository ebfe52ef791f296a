// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/environment.hpp"
#include "registry/cache_file.hpp"
#include "registry/image_client.hpp"
#include "registry/manifest.hpp"

namespace plugin::push {

using registry::Descriptor;

/// Which blobs layers became when earlier pushes compressed them, so that their digests are known without
/// compressing them again. Only a hint: a blob is used if the registry still has it.
class KnownLayers {
public:
  explicit KnownLayers(const base::Environment&);

  /// The blob of a layer at a registry, and the image names there that have it, `host/path` each.
  struct Known {
    Descriptor descriptor;
    std::set<std::string> images;
  };
  std::optional<Known> find(const std::string& host, const std::string& diff_id) const;
  void add(const std::string& host, const std::string& diff_id, const Descriptor&, const std::string& image);
  /// Looks for the layers with these diffIDs in the tags of the image name, beginning with `first_tag`: their
  /// manifests and configurations show which blobs the layers became. Throws like `registry::ImageClient`.
  void learn(registry::ImageClient&, const std::string& first_tag, std::set<std::string> wanted);
  /// The digest of the manifest with this configuration; empty when it is not known.
  std::string manifest_of(const std::string& image, const std::string& config_digest) const;
  void add_manifest(const std::string& image, const std::string& config_digest, const std::string& digest);
  /// Adds what is new to the file, which other processes may have changed meanwhile, and drops the oldest
  /// entries of a full one.
  void save() const;

private:
  registry::CacheFile file_;
  mutable std::mutex mutex_;
  std::map<std::string, Known> layers_;           ///< by host and diffID
  std::map<std::string, std::string> manifests_;  ///< by image and configuration
  std::set<std::string> added_;                   ///< keys of both
};

}  // namespace plugin::push
