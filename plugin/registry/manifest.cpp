// SPDX-License-Identifier: Apache-2.0
#include "registry/manifest.hpp"

#include "base/text.hpp"
#include "net/crypto.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Json;
using base::Kind;

constexpr std::string_view algorithm = "sha256:";

std::string platform_text(const Json& json) {
  auto text = base::text_at(json, "os").value_or("") + "/" + base::text_at(json, "architecture").value_or("");
  if (const auto variant = base::text_at(json, "variant"); variant && !variant->empty())
    text += "/" + *variant;
  return text == "/" ? "" : text;
}

}  // namespace

bool is_media_type(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+";
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == text.size()) return false;
  return text.substr(0, slash).find_first_not_of(allowed) == std::string_view::npos &&
         text.substr(slash + 1).find_first_not_of(allowed) == std::string_view::npos;
}

bool is_index_type(std::string_view media_type) {
  return media_type == oci_index_type || media_type == docker_index_type;
}

std::string digest_of(std::string_view bytes) {
  net::Sha256 sum;
  sum.add(bytes);
  return sum.digest();
}

bool is_digest(std::string_view text) {
  constexpr std::size_t digits = 64;
  return text.starts_with(algorithm) && text.size() == algorithm.size() + digits &&
         text.find_first_not_of("0123456789abcdef", algorithm.size()) == std::string_view::npos;
}

std::string hex_of(std::string_view digest) {
  return std::string{digest.starts_with(algorithm) ? digest.substr(algorithm.size()) : digest};
}

std::string short_hex_of(std::string_view digest) {
  constexpr std::size_t digits = 12;
  return hex_of(digest).substr(0, digits);
}

Error damaged(const std::string& source, const std::string& what) {
  return {Kind::config, "'" + base::printable(source, 200) + "' is damaged, or not an image: " + what,
          "create it again: docker image save, docker buildx build --output type=oci, skopeo copy"};
}

Error invalid_media_type(const std::string& source, const std::string& text) {
  return damaged(source, "'" + base::printable(text, 100) + "' is not a media type");
}

Json parse_document(const std::string& bytes, const std::string& source, const std::string& what) {
  auto json = base::parse_json(bytes);
  if (!json) throw damaged(source, what + " is not JSON");
  return *std::move(json);
}

Descriptor descriptor_of(const Json& json, const std::string& source) {
  Descriptor descriptor;
  descriptor.media_type = base::text_at(json, "mediaType").value_or("");
  descriptor.digest = base::text_at(json, "digest").value_or("");
  const auto size = base::whole_number_at(json, "size").value_or(-1);
  if (!is_digest(descriptor.digest) || size < 0)
    throw damaged(source, "a descriptor has no sha256 digest or no size");
  descriptor.size = static_cast<std::uint64_t>(size);
  return descriptor;
}

Descriptor config_of(const Json& manifest, const std::string& source) {
  if (base::whole_number_at(manifest, "schemaVersion") == 1) {
    throw Error(Kind::config, "'" + base::printable(source, 200) + "' is in Docker's old format (schema 1)",
                "convert it with skopeo copy --format v2s2, or build the image again");
  }
  return descriptor_of(base::member(manifest, "config"), source);
}

bool is_foreign(const Json& layer) {
  const auto type = base::text_at(layer, "mediaType").value_or("");
  const bool has_type =
      type.find(".foreign.") != std::string::npos || type.find(".nondistributable.") != std::string::npos;
  return has_type && !base::member(layer, "urls").empty();
}

std::vector<IndexEntry> entries_of_index(const Json& index, const std::string& source) {
  std::vector<IndexEntry> entries;
  for (const auto& json : base::member(index, "manifests")) {
    IndexEntry entry{descriptor_of(json, source), platform_text(base::member(json, "platform")), false, {}};
    const auto& annotations = base::member(json, "annotations");
    entry.is_attestation = entry.platform == "unknown/unknown" ||
                           base::text_at(annotations, "vnd.docker.reference.type") == "attestation-manifest";
    entry.name = base::text_at(annotations, "io.containerd.image.name")
                     .value_or(base::text_at(annotations, "org.opencontainers.image.ref.name").value_or(""));
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<Descriptor> blobs_of_manifest(const StoredManifest& manifest) {
  const auto json = parse_document(manifest.bytes, manifest.digest, "the manifest");
  std::vector<Descriptor> blobs{config_of(json, manifest.digest)};
  for (const auto& layer : base::member(json, "layers")) {
    if (!is_foreign(layer)) blobs.push_back(descriptor_of(layer, manifest.digest));
  }
  return blobs;
}

std::vector<std::string> children_of(const StoredManifest& manifest) {
  std::vector<std::string> digests;
  if (!is_index_type(manifest.media_type)) return digests;
  const auto json = parse_document(manifest.bytes, manifest.digest, "the index");
  for (const auto& entry : entries_of_index(json, manifest.digest))
    digests.push_back(entry.descriptor.digest);
  return digests;
}

std::vector<std::string> diff_ids_of(const std::string& config) {
  std::vector<std::string> result;
  const auto json = base::parse_json(config).value_or(Json{});
  for (const auto& id : base::member(base::member(json, "rootfs"), "diff_ids")) {
    if (id.is_string() && is_digest(id.get<std::string>())) result.push_back(id.get<std::string>());
  }
  return result;
}

std::string platform_of(const std::string& config) {
  return platform_text(base::parse_json(config).value_or(Json{}));
}

}  // namespace plugin::registry
