// SPDX-License-Identifier: Apache-2.0
#include "push/image.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace plugin::push {
namespace {

using base::Error;

/// Older engines write layouts with uncompressed layers, which do not have the digests of a push.
bool has_only_compressed_layers(const Contents& contents) {
  return std::ranges::all_of(contents.images, [](const Image& image) {
    return std::ranges::all_of(image.layers, [](const Blob& layer) {
      const auto& type = layer.descriptor.media_type;
      return type.ends_with("gzip") || type.ends_with("zstd");
    });
  });
}

}  // namespace

bool ImageSelection::matches(const std::string& image_name) const {
  if (image_name == name) return true;
  return image_name.ends_with(name) &&
         std::string_view{"/:"}.find(image_name[image_name.size() - name.size() - 1]) !=
             std::string_view::npos;
}

Contents read_contents(const ImageFiles& files, const ImageSelection& selection) {
  const bool has_layout = files.find("index.json").has_value();
  const bool has_archive = files.find("manifest.json").has_value();
  const bool prefers_layout = selection.format == ImageSelection::Format::oci;
  if (has_layout ? prefers_layout || !has_archive : prefers_layout && !has_archive)
    return read_oci_layout(files, selection);
  if (selection.format == ImageSelection::Format::docker || !has_layout)
    return read_docker_archive(files, selection);
  try {
    auto contents = read_oci_layout(files, selection);
    if (has_only_compressed_layers(contents)) return contents;
  } catch (const Error&) {
    // Some engines wrote incomplete layouts next to a complete archive.
    if (selection.all_platforms || selection.platform) throw;
  }
  return read_docker_archive(files, selection);
}

registry::StoredManifest docker_manifest(const Image& image) {
  const auto json_of = [](const Descriptor& descriptor) {
    return base::OrderedJson{
        {"mediaType", descriptor.media_type}, {"size", descriptor.size}, {"digest", descriptor.digest}};
  };
  auto layers = base::OrderedJson::array();
  for (const auto& layer : image.layers) layers.push_back(json_of(layer.descriptor));
  const base::OrderedJson json{{"schemaVersion", 2},
                               {"mediaType", registry::docker_manifest_type},
                               {"config", json_of(image.config.descriptor)},
                               {"layers", std::move(layers)}};
  constexpr int indent = 3;
  registry::StoredManifest manifest{json.dump(indent), registry::docker_manifest_type, {}};
  manifest.digest = registry::digest_of(manifest.bytes);
  return manifest;
}

}  // namespace plugin::push
