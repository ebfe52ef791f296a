// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "push/image.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Json;
using base::Kind;
using registry::damaged;
using registry::IndexEntry;

constexpr int max_depth = 4;

bool is_platform(const std::string& platform, const std::string& wanted) {
  return platform == wanted || platform.starts_with(wanted + "/");
}

std::string list_of(const std::vector<IndexEntry>& entries) {
  std::vector<std::string> platforms;
  for (const auto& entry : entries) {
    if (!entry.is_attestation) platforms.push_back(base::printable(entry.platform, 50));
  }
  return base::join(platforms, ", ");
}

/// Reads an OCI image layout.
class Layout {
public:
  Layout(const ImageFiles& files, const ImageSelection& selection) : files_(files), selection_(selection) {}

  Contents read() {
    const auto index = files_.find("index.json");
    if (!index) throw damaged(files_.name(), "it has no index.json");
    const auto entries = registry::entries_of_index(
        registry::parse_document(index->text(), files_.name(), "index.json"), files_.name());
    add(chosen_root(entries), 0);
    return std::move(contents_);
  }

private:
  std::optional<Slice> blob(const std::string& digest) const {
    return files_.find("blobs/sha256/" + registry::hex_of(digest));
  }
  bool has_blob(const std::string& digest) const { return blob(digest).has_value(); }

  Slice find_blob(const std::string& digest) const {
    const auto found = blob(digest);
    if (!found) throw damaged(files_.name(), "it lacks the blob " + digest);
    return *found;
  }

  std::string small_blob(const Descriptor& descriptor) const {
    auto bytes = find_blob(descriptor.digest).text();
    if (registry::digest_of(bytes) != descriptor.digest)
      throw damaged(files_.name(), "the blob " + descriptor.digest + " has a different digest");
    return bytes;
  }

  IndexEntry chosen_root(const std::vector<IndexEntry>& entries) const {
    std::vector<IndexEntry> roots;
    for (const auto& entry : entries) {
      if (selection_.name.empty() ? !entry.is_attestation : selection_.matches(entry.name))
        roots.push_back(entry);
    }
    if (roots.size() > 1 && selection_.platform) {
      std::erase_if(
          roots, [&](const IndexEntry& entry) { return !is_platform(entry.platform, *selection_.platform); });
    }
    // An image may have several names.
    const auto is_same = [&](const IndexEntry& entry) {
      return entry.descriptor.digest == roots.front().descriptor.digest;
    };
    if (!roots.empty() && std::ranges::all_of(roots, is_same)) return roots.front();
    if (entries.empty()) throw damaged(files_.name(), "its index.json lists no images");
    std::vector<std::string> names;
    for (const auto& entry : entries) {
      if (!entry.name.empty()) names.push_back(base::printable(entry.name, 100));
    }
    std::string what = "several images";
    if (roots.empty() && !selection_.name.empty()) {
      what = "no image " + quoted(selection_.name);
    } else if (roots.empty()) {
      what = selection_.platform ? "no image for " + base::printable(*selection_.platform, 50)
                                 : "no image, only attestations";
    }
    throw Error(Kind::config, quoted(files_.name()) + " has " + what,
                names.empty() ? "choose one with --platform: " + list_of(entries)
                : selection_.is_pipe
                    ? "write it to a file and push oci-archive:FILE:NAME, with one of the names " +
                          base::join(names, ", ")
                    : "name one of them after a colon: " + base::join(names, ", "));
  }

  void add(const IndexEntry& entry, int depth) {
    if (depth > max_depth) throw damaged(files_.name(), "its indexes are nested too deeply");
    auto bytes = small_blob(entry.descriptor);
    const auto json =
        registry::parse_document(bytes, files_.name(), "the manifest " + entry.descriptor.digest);
    auto type = base::text_at(json, "mediaType").value_or(entry.descriptor.media_type);
    if (type.empty())
      type = json.contains("manifests") ? registry::oci_index_type : registry::oci_manifest_type;
    if (!registry::is_media_type(type)) throw registry::invalid_media_type(files_.name(), type);
    registry::StoredManifest stored{std::move(bytes), type, entry.descriptor.digest};
    if (registry::is_index_type(type)) return add_index(json, std::move(stored), depth);
    add_image(json, std::move(stored), entry.is_attestation);
  }

  void add_index(const Json& json, registry::StoredManifest stored, int depth) {
    const auto entries = registry::entries_of_index(json, files_.name());
    if (entries.empty()) throw damaged(files_.name(), "the index " + stored.digest + " lists no images");
    // A layout may lack images of other platforms, such as that of an engine that pulled only its own.
    std::vector<IndexEntry> present;
    std::ranges::copy_if(entries, std::back_inserter(present),
                         [&](const IndexEntry& entry) { return has_blob(entry.descriptor.digest); });
    const bool is_complete = present.size() == entries.size() || present.empty();
    if (selection_.all_platforms) {
      if (!is_complete) {
        throw Error(Kind::config, quoted(files_.name()) + " lacks some of the images that its index lists",
                    "choose one that it has with --platform: " + list_of(present));
      }
      for (const auto& entry : entries) add(entry, depth + 1);
      contents_.indexes.push_back(std::move(stored));
      return;
    }
    std::vector<IndexEntry> images;
    for (const auto& entry : entries) {
      if (!entry.is_attestation) images.push_back(entry);
    }
    const auto wanted = selection_.platform.value_or(default_platform);
    auto found = std::ranges::find_if(
        images, [&](const IndexEntry& entry) { return is_platform(entry.platform, wanted); });
    if (found == images.end() && images.size() == 1 && !selection_.platform) found = images.begin();
    if (found == images.end() || (!is_complete && !has_blob(found->descriptor.digest))) {
      throw Error(Kind::config, quoted(files_.name()) + " has no image for " + base::printable(wanted, 50),
                  "it has: " + list_of(present) + "; choose with --platform" +
                      (is_complete ? ", or push all with --all-platforms" : ""));
    }
    if (entries.size() > 1) {
      contents_.notes.push_back(
          "Pushing the image " +
          (found->platform.empty() ? "" : "for " + base::printable(found->platform, 50) + " ") +
          "alone, out of an index with " + std::to_string(entries.size()) + " manifests" +
          (is_complete ? "; --all-platforms pushes the rest, too" : ""));
    }
    add(*found, depth + 1);
  }

  void add_image(const Json& json, registry::StoredManifest stored, bool is_attestation) {
    Image image;
    image.manifest = std::move(stored);
    const auto config = registry::config_of(json, files_.name());
    image.config = {config, {}, find_blob(config.digest), false};
    std::vector<std::string> diff_ids;
    if (!is_attestation) {
      const auto text = small_blob(config);
      image.platform = registry::platform_of(text);
      diff_ids = registry::diff_ids_of(text);
    }
    const auto& layers = base::member(json, "layers");
    for (const auto& layer : layers) {
      const auto descriptor = registry::descriptor_of(layer, files_.name());
      if (registry::is_foreign(layer) && !has_blob(descriptor.digest)) continue;
      if (descriptor.media_type.ends_with("zstd"))
        contents_.notes.push_back(
            "Warning: a layer is compressed with zstd, which not every engine can unpack");
      auto bytes = find_blob(descriptor.digest);
      if (bytes.size() != descriptor.size)
        throw damaged(files_.name(), "the blob " + descriptor.digest + " has a different size");
      image.layers.push_back({descriptor, {}, std::move(bytes), false});
    }
    if (diff_ids.size() == image.layers.size()) {
      for (std::size_t i = 0; i < diff_ids.size(); ++i) image.layers[i].diff_id = diff_ids[i];
    }
    contents_.images.push_back(std::move(image));
  }

  const ImageFiles& files_;
  const ImageSelection& selection_;
  Contents contents_;
};

}  // namespace

Contents read_oci_layout(const ImageFiles& files, const ImageSelection& selection) {
  return Layout{files, selection}.read();
}

}  // namespace plugin::push
