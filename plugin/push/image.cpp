// SPDX-License-Identifier: Apache-2.0
#include "push/image.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "registry/repository.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Json;
using base::Kind;

constexpr const char* docker_manifest_type = "application/vnd.docker.distribution.manifest.v2+json";
constexpr const char* docker_config_type = "application/vnd.docker.container.image.v1+json";
constexpr const char* docker_gzip_type = "application/vnd.docker.image.rootfs.diff.tar.gzip";
constexpr const char* docker_zstd_type = "application/vnd.docker.image.rootfs.diff.tar.zstd";
constexpr const char* oci_manifest_type = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* oci_index_type = "application/vnd.oci.image.index.v1+json";
constexpr const char* docker_index_type = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr int max_depth = 4;

std::string shown(const std::string& text) { return "'" + base::printable(text, 200) + "'"; }

Error damaged(const std::string& source, const std::string& what) {
  return {Kind::config, shown(source) + " is damaged, or not an image: " + what,
          "make it again: docker image save, docker buildx build --output type=oci, skopeo copy"};
}

Json parse(const std::string& bytes, const std::string& source, const std::string& what) {
  auto json = base::parse_json(bytes);
  if (!json) throw damaged(source, what + " is not JSON");
  return *std::move(json);
}

bool is_index_type(const std::string& type) { return type == oci_index_type || type == docker_index_type; }

Descriptor descriptor_of(const Json& json, const std::string& source) {
  Descriptor descriptor;
  descriptor.media_type = base::text_at(json, "mediaType").value_or("");
  descriptor.digest = base::text_at(json, "digest").value_or("");
  const auto size = base::whole_number_at(json, "size").value_or(-1);
  if (!registry::is_digest(descriptor.digest) || size < 0)
    throw damaged(source, "a descriptor has no digest or size");
  descriptor.size = static_cast<std::uint64_t>(size);
  return descriptor;
}

/// An entry of an index, with what decides about it.
struct Entry {
  Descriptor descriptor;
  std::string platform;
  bool is_attestation = false;
  std::string name;  ///< that the layout gives to it
};

std::string platform_text(const Json& json) {
  auto text = base::text_at(json, "os").value_or("") + "/" + base::text_at(json, "architecture").value_or("");
  if (const auto variant = base::text_at(json, "variant"); variant && !variant->empty())
    text += "/" + *variant;
  return text == "/" ? "" : text;
}

std::vector<Entry> entries_of(const Json& index, const std::string& source) {
  std::vector<Entry> entries;
  for (const auto& json : base::member(index, "manifests")) {
    Entry entry{descriptor_of(json, source), platform_text(base::member(json, "platform")), false, {}};
    const auto& annotations = base::member(json, "annotations");
    entry.is_attestation = entry.platform == "unknown/unknown" ||
                           base::text_at(annotations, "vnd.docker.reference.type") == "attestation-manifest";
    entry.name = base::text_at(annotations, "io.containerd.image.name")
                     .value_or(base::text_at(annotations, "org.opencontainers.image.ref.name").value_or(""));
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool matches(const std::string& platform, const std::string& wanted) {
  return platform == wanted || platform.starts_with(wanted + "/");
}

/// `wanted` is all of a name, or what follows a slash or a colon in it.
bool is_named(const std::string& name, const std::string& wanted) {
  if (name == wanted) return true;
  return name.ends_with(wanted) &&
         std::string_view{"/:"}.find(name[name.size() - wanted.size() - 1]) != std::string_view::npos;
}

std::string list_of(const std::vector<Entry>& entries) {
  std::vector<std::string> platforms;
  for (const auto& entry : entries) {
    if (!entry.is_attestation) platforms.push_back(base::printable(entry.platform, 50));
  }
  return base::join(platforms, ", ");
}

/// Reads an OCI image layout.
class Layout {
public:
  Layout(const Files& files, const Choice& choice) : files_(files), choice_(choice) {}

  Contents read() {
    const auto index = files_.find("index.json");
    if (!index) throw damaged(files_.name(), "it has no index.json");
    const auto entries = entries_of(parse(index->text(), files_.name(), "index.json"), files_.name());
    add(chosen_root(entries), 0);
    return std::move(contents_);
  }

private:
  Slice find_blob(const std::string& digest) const {
    const auto found = files_.find("blobs/sha256/" + digest.substr(7));
    if (!found) throw damaged(files_.name(), "it lacks the blob " + digest);
    return *found;
  }

  std::string small_blob(const Descriptor& descriptor) const {
    auto bytes = find_blob(descriptor.digest).text();
    if (registry::digest_of(bytes) != descriptor.digest)
      throw damaged(files_.name(), "the blob " + descriptor.digest + " has another digest");
    return bytes;
  }

  Entry chosen_root(const std::vector<Entry>& entries) const {
    std::vector<Entry> roots;
    for (const auto& entry : entries) {
      if (choice_.name.empty() ? !entry.is_attestation : is_named(entry.name, choice_.name))
        roots.push_back(entry);
    }
    if (roots.size() > 1 && choice_.platform) {
      std::erase_if(roots, [&](const Entry& entry) { return !matches(entry.platform, *choice_.platform); });
    }
    if (roots.size() == 1) return roots.front();
    std::vector<std::string> names;
    for (const auto& entry : entries) names.push_back(base::printable(entry.name, 100));
    throw Error(Kind::config,
                roots.empty() ? shown(files_.name()) + " has no image " + shown(choice_.name)
                              : shown(files_.name()) + " has several images",
                "name one of them behind a colon: " + base::join(names, ", "));
  }

  void add(const Entry& entry, int depth) {
    if (depth > max_depth) throw damaged(files_.name(), "its indexes are nested too deeply");
    auto bytes = small_blob(entry.descriptor);
    const auto json = parse(bytes, files_.name(), "the manifest " + entry.descriptor.digest);
    auto type = base::text_at(json, "mediaType").value_or(entry.descriptor.media_type);
    if (type.empty()) type = json.contains("manifests") ? oci_index_type : oci_manifest_type;
    registry::StoredManifest stored{std::move(bytes), type, entry.descriptor.digest};
    if (is_index_type(type)) return add_index(json, std::move(stored), depth);
    add_image(json, std::move(stored), entry.is_attestation);
  }

  void add_index(const Json& json, registry::StoredManifest stored, int depth) {
    const auto entries = entries_of(json, files_.name());
    if (choice_.all_platforms) {
      for (const auto& entry : entries) add(entry, depth + 1);
      contents_.indexes.push_back(std::move(stored));
      return;
    }
    std::vector<Entry> images;
    for (const auto& entry : entries) {
      if (!entry.is_attestation) images.push_back(entry);
    }
    const auto wanted = choice_.platform.value_or(default_platform);
    auto found =
        std::ranges::find_if(images, [&](const Entry& entry) { return matches(entry.platform, wanted); });
    if (found == images.end() && images.size() == 1 && !choice_.platform) found = images.begin();
    if (found == images.end()) {
      throw Error(
          Kind::config, shown(files_.name()) + " has no image for " + base::printable(wanted, 50),
          "it has: " + list_of(entries) + "; choose with --platform, or push all with --all-platforms");
    }
    contents_.notes.push_back("Pushing the image for " + base::printable(found->platform, 50) +
                              " alone, out of an index with " + std::to_string(entries.size()) +
                              " manifests; --all-platforms pushes the rest, too");
    add(*found, depth + 1);
  }

  void add_image(const Json& json, registry::StoredManifest stored, bool is_attestation) {
    Image image;
    image.manifest = std::move(stored);
    const auto config = descriptor_of(base::member(json, "config"), files_.name());
    image.config = {config, {}, find_blob(config.digest), false};
    std::vector<std::string> diff_ids;
    if (!is_attestation) {
      const auto text = small_blob(config);
      image.platform = platform_of(text);
      diff_ids = diff_ids_of(text);
    }
    const auto& layers = base::member(json, "layers");
    for (const auto& layer : layers) {
      const auto descriptor = descriptor_of(layer, files_.name());
      // Those are fetched from elsewhere.
      if (layer.contains("urls") && !files_.find("blobs/sha256/" + descriptor.digest.substr(7))) continue;
      if (descriptor.media_type.ends_with("zstd"))
        contents_.notes.push_back(
            "Warning: a layer is compressed with zstd, which not every engine can unpack");
      auto bytes = find_blob(descriptor.digest);
      if (bytes.size() != descriptor.size)
        throw damaged(files_.name(), "the blob " + descriptor.digest + " has another size");
      image.layers.push_back({descriptor, {}, std::move(bytes), false});
    }
    if (diff_ids.size() == image.layers.size()) {
      for (std::size_t i = 0; i < diff_ids.size(); ++i) image.layers[i].diff_id = diff_ids[i];
    }
    contents_.images.push_back(std::move(image));
  }

  const Files& files_;
  const Choice& choice_;
  Contents contents_;
};

/// What a layer begins with tells how it is compressed.
enum class Compression { none, gzip, zstd };

Compression compression_of(const Slice& bytes) {
  char start[4] = {};
  bytes.read(0, static_cast<char*>(start), sizeof start);
  const std::string_view text{static_cast<const char*>(start), sizeof start};
  if (text.starts_with("\x1f\x8b")) return Compression::gzip;
  return text == "\x28\xb5\x2f\xfd" ? Compression::zstd : Compression::none;
}

/// Reads an archive of `docker save`.
Contents read_docker_archive(const Files& files, const Choice& choice) {
  const auto member = files.find("manifest.json");
  if (!member) throw damaged(files.name(), "it has no manifest.json");
  const auto json = parse(member->text(), files.name(), "manifest.json");
  std::vector<Json> found;
  for (const auto& entry : json) {
    bool wanted = choice.name.empty();
    for (const auto& tag : base::member(entry, "RepoTags"))
      wanted = wanted || (tag.is_string() && is_named(tag.get<std::string>(), choice.name));
    if (wanted) found.push_back(entry);
  }
  if (found.size() != 1) {
    throw Error(Kind::config,
                found.empty() ? shown(files.name()) + " has no image " + shown(choice.name)
                              : shown(files.name()) + " has several images",
                "name one of them behind a colon: docker-archive:FILE:NAME:TAG");
  }
  const auto config_name = base::text_at(found.front(), "Config").value_or("");
  const auto config = files.find(config_name);
  if (!config) throw damaged(files.name(), "it lacks " + shown(config_name));
  const auto text = config->text();
  Image image;
  image.platform = platform_of(text);
  image.config = {{docker_config_type, registry::digest_of(text), text.size()}, {}, *config, false};
  const auto diff_ids = diff_ids_of(text);
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
    throw damaged(files.name(), "its configuration names other layers than manifest.json");
  for (std::size_t i = 0; i < diff_ids.size(); ++i) image.layers[i].diff_id = diff_ids[i];
  Contents contents;
  contents.images.push_back(std::move(image));
  return contents;
}

/// An engine of the older kind writes layouts whose layers are not compressed; nobody has such in a registry.
bool has_only_compressed_layers(const Contents& contents) {
  return std::ranges::all_of(contents.images, [](const Image& image) {
    return std::ranges::all_of(image.layers, [](const Blob& layer) {
      const auto& type = layer.descriptor.media_type;
      return type.ends_with("gzip") || type.ends_with("zstd");
    });
  });
}

}  // namespace

Contents read_contents(const Files& files, const Choice& choice) {
  const bool has_layout = files.find("index.json").has_value();
  const bool has_archive = files.find("manifest.json").has_value();
  if (choice.format == Choice::Format::oci || (has_layout && !has_archive))
    return Layout{files, choice}.read();
  if (choice.format == Choice::Format::docker || !has_layout) return read_docker_archive(files, choice);
  try {
    auto contents = Layout{files, choice}.read();
    if (has_only_compressed_layers(contents)) return contents;
  } catch (const Error&) {
    // Some engines wrote layouts that lacked layers, beside an archive that was right.
    if (choice.all_platforms || choice.platform) throw;
  }
  return read_docker_archive(files, choice);
}

registry::StoredManifest docker_manifest(const Image& image) {
  const auto json_of = [](const Descriptor& descriptor) {
    return base::OrderedJson{
        {"mediaType", descriptor.media_type}, {"size", descriptor.size}, {"digest", descriptor.digest}};
  };
  auto layers = base::OrderedJson::array();
  for (const auto& layer : image.layers) layers.push_back(json_of(layer.descriptor));
  const base::OrderedJson json{{"schemaVersion", 2},
                               {"mediaType", docker_manifest_type},
                               {"config", json_of(image.config.descriptor)},
                               {"layers", std::move(layers)}};
  constexpr int indent = 3;
  registry::StoredManifest manifest{json.dump(indent), docker_manifest_type, {}};
  manifest.digest = registry::digest_of(manifest.bytes);
  return manifest;
}

std::vector<Descriptor> blobs_of_manifest(const registry::StoredManifest& manifest) {
  const auto json = parse(manifest.bytes, manifest.digest, "the manifest");
  std::vector<Descriptor> blobs{descriptor_of(base::member(json, "config"), manifest.digest)};
  for (const auto& layer : base::member(json, "layers")) {
    if (!layer.contains("urls")) blobs.push_back(descriptor_of(layer, manifest.digest));
  }
  return blobs;
}

std::vector<std::string> children_of(const registry::StoredManifest& manifest) {
  std::vector<std::string> digests;
  if (!is_index_type(manifest.media_type)) return digests;
  for (const auto& entry : entries_of(parse(manifest.bytes, manifest.digest, "the index"), manifest.digest))
    digests.push_back(entry.descriptor.digest);
  return digests;
}

std::vector<std::string> diff_ids_of(const std::string& config) {
  std::vector<std::string> result;
  const auto json = base::parse_json(config).value_or(Json{});
  for (const auto& id : base::member(base::member(json, "rootfs"), "diff_ids")) {
    if (id.is_string() && registry::is_digest(id.get<std::string>())) result.push_back(id.get<std::string>());
  }
  return result;
}

std::string platform_of(const std::string& config) {
  return platform_text(base::parse_json(config).value_or(Json{}));
}

}  // namespace plugin::push
