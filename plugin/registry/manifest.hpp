// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace plugin::registry {

/// Media types (OCI image specification, "media types"; Docker image manifest, version 2, schema 2).
inline constexpr const char* docker_manifest_type = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr const char* docker_index_type = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr const char* oci_manifest_type = "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char* oci_index_type = "application/vnd.oci.image.index.v1+json";

/// Whether a text can be a media type (RFC 6838, 4.2), without parameters.
bool is_media_type(std::string_view text);
/// Whether manifests of this media type list other manifests, not blobs.
bool is_index_type(std::string_view media_type);

/// `sha256:<hex>` of these bytes.
std::string digest_of(std::string_view bytes);
/// Whether a text is such a digest.
bool is_digest(std::string_view text);
/// The hexadecimal digits of such a digest.
std::string hex_of(std::string_view digest);
/// The first 12 of them, as Docker shows them.
std::string short_hex_of(std::string_view digest);

/// How a manifest names a blob or another manifest (OCI image specification, "descriptor").
struct Descriptor {
  std::string media_type;
  std::string digest;  ///< empty when it must be computed first
  std::uint64_t size = 0;
};

/// A manifest as it is stored, byte for byte: its digest is that of its bytes.
struct StoredManifest {
  std::string bytes;
  std::string media_type;
  std::string digest;
};

/// An entry of an index: a manifest, and what the index says about it.
struct IndexEntry {
  Descriptor descriptor;
  std::string platform;         ///< os/architecture[/variant]; empty when it does not say
  bool is_attestation = false;  ///< of BuildKit, about another entry
  std::string name;             ///< in the annotations of an image layout
};

/// The error of an image whose parts do not match. `source` is its file, directory or name.
base::Error damaged(const std::string& source, const std::string& what);

/// The same for a `mediaType` that is not valid.
base::Error invalid_media_type(const std::string& source, const std::string& text);

/// The JSON in `bytes`. Throws `damaged` when that is not JSON.
base::Json parse_document(const std::string& bytes, const std::string& source, const std::string& what);
/// Throws `damaged` when there is no SHA-256 digest, or no size.
Descriptor descriptor_of(const base::Json&, const std::string& source);
/// The configuration that the manifest of an image names. Throws `damaged`, or `config` for Docker's old
/// format (schema 1), which has none.
Descriptor config_of(const base::Json& manifest, const std::string& source);
/// Whether a layer is fetched from elsewhere, so that a registry need not have it (OCI image specification,
/// "Non-distributable Layers").
bool is_foreign(const base::Json& layer);
/// Throws like `descriptor_of`.
std::vector<IndexEntry> entries_of_index(const base::Json&, const std::string& source);

/// The blobs of an image manifest that a registry stores, the configuration first; foreign layers, which are
/// fetched from elsewhere, are left out. Throws `damaged`.
std::vector<Descriptor> blobs_of_manifest(const StoredManifest&);
/// The digests of the manifests in an index; none for the manifest of an image. Throws `damaged`.
std::vector<std::string> children_of(const StoredManifest&);

/// The digests of a configuration's uncompressed layers.
std::vector<std::string> diff_ids_of(const std::string& config);
/// os/architecture[/variant] of a configuration; empty when it does not say.
std::string platform_of(const std::string& config);

}  // namespace plugin::registry
