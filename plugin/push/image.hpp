// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "push/files.hpp"
#include "registry/manifest.hpp"

namespace plugin::push {

using registry::Descriptor;

/// A blob of an image: its configuration, or a layer.
struct Blob {
  Descriptor descriptor;
  std::string diff_id;  ///< digest of an uncompressed layer; empty when it is not known
  Slice bytes;
  bool compress = false;  ///< what is sent is `bytes`, compressed
  /// Fetches the bytes of a blob that is elsewhere, when they are needed after all.
  std::function<Slice()> fetch = {};
  std::string mount_from = {};  ///< image name at the same registry that has the blob

  /// What distinguishes it from other blobs: its diffID, else its digest.
  const std::string& key() const { return diff_id.empty() ? descriptor.digest : diff_id; }
  /// The first 12 hexadecimal digits of that, as Docker shows them.
  std::string short_id() const { return registry::short_hex_of(key()); }
};

struct Image {
  std::string platform;  ///< os/architecture
  Blob config;
  std::vector<Blob> layers;
  registry::StoredManifest manifest;  ///< empty when it must be built from the sent blobs
};

/// What a source contains that is to be pushed.
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
  bool is_pipe = false;  ///< of standard input, which no name can follow

  /// Whether `name` is all of an image's name, or what follows a slash or a colon in it.
  bool takes(const std::string& image_name) const;
};

/// The platform that Snowflake runs.
inline constexpr const char* default_platform = "linux/amd64";

/// Reads what is to be pushed out of an OCI image layout, or of an archive of `docker save`. Throws `config`
/// when it is neither, is damaged, or does not have what was chosen.
Contents read_contents(const Files&, const Choice&);

/// The two readers that `read_contents` chooses from.
Contents read_oci_layout(const Files&, const Choice&);
Contents read_docker_archive(const Files&, const Choice&);

/// The manifest of an image whose blobs are known, byte for byte as `docker push` writes it.
registry::StoredManifest docker_manifest(const Image&);

}  // namespace plugin::push
