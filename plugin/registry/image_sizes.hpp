// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "registry/authorization.hpp"
#include "registry/cache_file.hpp"
#include "registry/image_client.hpp"

namespace plugin::registry {

/// The blobs of an image, or of all images of an index: sizes in bytes by digest, so that shared layers count
/// once.
using BlobSizes = std::map<std::string, std::uint64_t>;

/// Their total size in bytes.
std::uint64_t bytes_of(const BlobSizes&);

/// An image as a registry names it.
struct ImageName {
  std::string path;    ///< database/schema/repository/image
  std::string digest;  ///< of its manifest or index
};

/// How much space images take at one registry, read from their manifests. The content of a digest never
/// changes, so what was read once is cached in a file.
class ImageSizes {
public:
  ImageSizes(const base::Environment&, base::Clock&, std::string host, Access);

  /// In the order of `images`; absent for those that the registry does not have, or denies to the role.
  /// Several manifests are read at once. Throws `network`, what the credential source throws, and
  /// `Interrupted`.
  std::vector<std::optional<BlobSizes>> read(const std::vector<ImageName>& images);

private:
  using Found = std::map<std::string, BlobSizes>;  ///< by the digest of a manifest

  void load_cache();
  /// Drops the oldest entries of a full cache; those in `wanted` count as just used.
  void save_cache(const std::set<std::string>& wanted) const;
  /// Reads the manifests of one image name, in one thread.
  Found read_manifests(const std::string& path, const std::vector<std::string>& digests);
  void read_manifest(ImageClient&, const std::string& digest, int depth, BlobSizes&);
  void read_all(const std::map<std::string, std::vector<std::string>>& by_path);

  std::string host_;
  Access access_;
  CacheFile cache_;
  Found known_;
  std::atomic<bool> stop_{false};
  HttpClientPool clients_;
};

}  // namespace plugin::registry
