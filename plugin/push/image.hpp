// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "push/files.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

/// How a manifest names a blob (OCI image specification, descriptor).
struct Descriptor {
  std::string media_type;
  std::string digest;  ///< empty when it has to be worked out first
  std::uint64_t size = 0;
};

/// A blob of an image: its configuration, or a layer.
struct Blob {
  Descriptor descriptor;
  std::string diff_id;  ///< digest of an uncompressed layer; empty when it is not known
  Slice bytes;
  bool compress = false;  ///< what is sent is `bytes`, compressed
  /// Gets the bytes when they are needed after all, of a blob that lies elsewhere.
  std::function<Slice()> fetch = {};
  std::string mount_from = {};  ///< image name at the same registry that has the blob
};

struct Image {
  std::string platform;  ///< os/architecture
  Blob config;
  std::vector<Blob> layers;
  registry::StoredManifest manifest;  ///< empty when it is made of what the blobs become
};

/// What a source holds and is to be pushed.
struct Contents {
  std::vector<Image> images;
  std::vector<registry::StoredManifest> indexes;  ///< an index after those that it names
  std::vector<std::string> notes;                 ///< one line each, for the user
};

struct Choice {
  enum class Format { any, oci, docker };
  Format format = Format::any;
  std::string name;                     ///< of one image among several; empty for the only one
  std::optional<std::string> platform;  ///< os/architecture[/variant]
  bool all_platforms = false;
};

/// The platform that Snowflake runs.
inline constexpr const char* default_platform = "linux/amd64";

/// Reads what is to be pushed out of an OCI image layout, or of an archive of `docker save`. Throws `config`
/// when it is neither, is damaged, or does not have what was chosen.
Contents read_contents(const Files&, const Choice&);

/// The manifest of an image whose blobs are known, byte for byte as `docker push` writes it.
registry::StoredManifest docker_manifest(const Image&);

/// The blobs that the manifest of an image names, its configuration first. Throws `config` when it is none.
std::vector<Descriptor> blobs_of_manifest(const registry::StoredManifest&);
/// The digests of the manifests that an index names; none for the manifest of an image.
std::vector<std::string> children_of(const registry::StoredManifest&);
/// The digests of a configuration's uncompressed layers.
std::vector<std::string> diff_ids_of(const std::string& config);
/// os/architecture as a configuration has them.
std::string platform_of(const std::string& config);

}  // namespace plugin::push
