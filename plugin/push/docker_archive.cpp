// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/gzip.hpp"
#include "push/image.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Json;
using base::Kind;
using registry::damaged;

constexpr const char* docker_config_type = "application/vnd.docker.container.image.v1+json";
constexpr const char* docker_gzip_type = "application/vnd.docker.image.rootfs.diff.tar.gzip";
constexpr const char* docker_zstd_type = "application/vnd.docker.image.rootfs.diff.tar.zstd";

/// How a layer is compressed, as its first bytes show.
enum class Compression { none, gzip, zstd };

Compression compression_of(const Slice& bytes) {
  char start[4] = {};
  bytes.read(0, static_cast<char*>(start), sizeof start);
  const std::string_view text{static_cast<const char*>(start), sizeof start};
  if (net::is_gzip(text)) return Compression::gzip;
  return text == "\x28\xb5\x2f\xfd" ? Compression::zstd : Compression::none;
}

}  // namespace

Contents read_docker_archive(const ImageFiles& files, const ImageSelection& selection) {
  const auto member = files.find("manifest.json");
  if (!member) throw damaged(files.name(), "it has no manifest.json");
  const auto json = registry::parse_document(member->text(), files.name(), "manifest.json");
  if (json.empty()) throw damaged(files.name(), "its manifest.json lists no images");
  std::vector<Json> found;
  std::string names;
  for (const auto& entry : json) {
    bool wanted = selection.name.empty();
    for (const auto& tag : base::member(entry, "RepoTags")) {
      if (!tag.is_string()) continue;
      const auto name = tag.get<std::string>();
      wanted = wanted || selection.matches(name);
      names += (names.empty() ? ", such as " : ", ") + base::printable(name, 100);
    }
    if (wanted) found.push_back(entry);
  }
  if (found.size() != 1) {
    throw Error(Kind::config,
                found.empty() ? quoted(files.name()) + " has no image " + quoted(selection.name)
                              : quoted(files.name()) + " has several images",
                selection.is_pipe
                    ? "save one image alone, or save to a file and push docker-archive:FILE:NAME:TAG"
                    : "name one of them after a colon: docker-archive:FILE:NAME:TAG" + names);
  }
  const auto config_name = base::text_at(found.front(), "Config").value_or("");
  const auto config = files.find(config_name);
  if (!config) throw damaged(files.name(), "it lacks " + quoted(config_name));
  const auto text = config->text();
  Image image;
  image.platform = registry::platform_of(text);
  image.config = {{docker_config_type, registry::digest_of(text), text.size()}, {}, *config, false};
  const auto diff_ids = registry::diff_ids_of(text);
  for (const auto& name : base::member(found.front(), "Layers")) {
    const auto layer = files.find(name.is_string() ? name.get<std::string>() : "");
    if (!layer) throw damaged(files.name(), "it lacks a layer");
    Blob blob{{docker_gzip_type, {}, layer->size()}, {}, *layer, false};
    const auto compression = compression_of(*layer);
    blob.compress = compression == Compression::none;
    if (compression == Compression::zstd) blob.descriptor.media_type = docker_zstd_type;
    image.layers.push_back(std::move(blob));
  }
  if (diff_ids.size() != image.layers.size())
    throw damaged(files.name(), "its configuration and manifest.json list different layers");
  for (std::size_t i = 0; i < diff_ids.size(); ++i) image.layers[i].diff_id = diff_ids[i];
  Contents contents;
  contents.images.push_back(std::move(image));
  return contents;
}

}  // namespace plugin::push
