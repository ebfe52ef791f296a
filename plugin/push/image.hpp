// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "push/files.hpp"
#include "registry/manifest.hpp"

namespace plugin::push {

using registry::Descriptor;

/// A blob of an image: its configuration or a layer.
struct Blob {
  Descriptor descriptor;
  std::string diff_id;  ///< digest of the uncompressed layer; empty when it is not known
  Slice bytes;
  bool compress = false;  ///< `bytes` must be compressed before they are sent
  /// Fetches the bytes of a blob of another registry; called only when they are needed.
  std::function<Slice()> fetch = {};
  std::string mount_from = {};  ///< an image name at the target registry that has the blob

  /// Identifies the blob: its digest, else its diffID. Two digests may have the same diffID, as a layer can
  /// be compressed in different ways.
  const std::string& key() const { return descriptor.digest.empty() ? diff_id : descriptor.digest; }
  /// The first 12 hexadecimal digits of its diffID, else of its digest, as Docker shows them.
  std::string short_id() const {
    return registry::short_hex_of(diff_id.empty() ? descriptor.digest : diff_id);
  }
};

struct Image {
  std::string platform;  ///< os/architecture
  Blob config;
  std::vector<Blob> layers;
  registry::StoredManifest manifest;  ///< empty when it is made after the blobs were sent
};

/// The images of a source.
struct Contents {
  std::vector<Image> images;
  std::vector<registry::StoredManifest> indexes;  ///< an index after those that it lists
  std::vector<std::string> notes;                 ///< one line each, for the user
};

/// Which image of a source to push, and from which format.
struct ImageSelection {
  enum class Format { any, oci, docker };
  Format format = Format::any;
  std::string name;                     ///< of one image of several; empty for the only one
  std::optional<std::string> platform;  ///< os/architecture[/variant]
  bool all_platforms = false;
  bool is_pipe = false;  ///< standard input, whose syntax has no image name

  /// Whether `name` is a whole image name, or the end of one after a slash or a colon.
  bool matches(const std::string& image_name) const;
};

/// The platform of Snowflake's services.
inline constexpr const char* default_platform = "linux/amd64";

/// Reads an OCI image layout, or an archive of `docker save`. Throws `config` when it is neither, is damaged,
/// or does not have what was selected.
Contents read_contents(const ImageFiles&, const ImageSelection&);

/// The readers of the two formats.
Contents read_oci_layout(const ImageFiles&, const ImageSelection&);
Contents read_docker_archive(const ImageFiles&, const ImageSelection&);

/// The manifest of an image whose descriptors are complete, byte for byte as `docker push` writes it.
registry::StoredManifest docker_manifest(const Image&);

/// A manifest at its registry, or in a layout.
struct PushedManifest {
  std::string digest;
  std::size_t size = 0;  ///< in bytes
};

class PushProgress;

/// Writes images and indexes, byte for byte, as an OCI image layout in `directory`. If that is one already,
/// its other images stay, and blobs that it has are not fetched. `name` is the image's name in the layout.
/// Throws `config` when it cannot be written, and `network` for a blob that does not have its digest.
PushedManifest write_layout(Contents&, const std::filesystem::path& directory, const std::string& name,
                            PushProgress&);

}  // namespace plugin::push
