// SPDX-License-Identifier: Apache-2.0
#include "push/known_layers.hpp"

#include <utility>
#include <vector>

#include "base/json.hpp"

namespace plugin::push {
namespace {

using base::Json;

constexpr std::size_t max_entries = 5000;
constexpr std::size_t max_tags_to_learn_from = 10;

const Json& object_at(const Json& json, const char* name) {
  static const Json none = Json::object();
  const auto& value = base::member(json, name);
  return value.is_object() ? value : none;
}

}  // namespace

KnownLayers::KnownLayers(const base::Environment& environment) : file_(environment, "layers.json") {
  const auto json = file_.read();
  for (const auto& [key, value] : object_at(json, "layers").items()) {
    Known known;
    known.descriptor.digest = base::text_at(value, "digest").value_or("");
    known.descriptor.media_type = base::text_at(value, "mediaType").value_or("");
    const auto size = base::whole_number_at(value, "size").value_or(-1);
    if (known.descriptor.digest.empty() || size < 0) continue;
    known.descriptor.size = static_cast<std::uint64_t>(size);
    for (const auto& image : base::member(value, "images")) {
      if (image.is_string()) known.images.insert(image.get<std::string>());
    }
    layers_.insert({key, std::move(known)});
  }
  for (const auto& [key, value] : object_at(json, "manifests").items()) {
    if (const auto digest = base::text_at(value, "digest")) manifests_.insert({key, *digest});
  }
}

std::optional<KnownLayers::Known> KnownLayers::find(const std::string& host,
                                                    const std::string& diff_id) const {
  const std::lock_guard lock{mutex_};
  const auto found = layers_.find(host + " " + diff_id);
  return found == layers_.end() ? std::nullopt : std::optional{found->second};
}

void KnownLayers::add(const std::string& host, const std::string& diff_id, const Descriptor& descriptor,
                      const std::string& image) {
  const std::lock_guard lock{mutex_};
  auto& known = layers_[host + " " + diff_id];
  if (known.descriptor.digest != descriptor.digest) known.images.clear();
  known.descriptor = descriptor;
  known.images.insert(image);
  added_.insert(host + " " + diff_id);
}

std::string KnownLayers::manifest_of(const std::string& image, const std::string& config_digest) const {
  const std::lock_guard lock{mutex_};
  const auto found = manifests_.find(image + " " + config_digest);
  return found == manifests_.end() ? "" : found->second;
}

void KnownLayers::add_manifest(const std::string& image, const std::string& config_digest,
                               const std::string& digest) {
  const std::lock_guard lock{mutex_};
  manifests_[image + " " + config_digest] = digest;
  added_.insert(image + " " + config_digest);
}

void KnownLayers::learn(registry::ImageClient& registry, const std::string& first_tag,
                        std::set<std::string> wanted) {
  auto tags = registry.tags(max_tags_to_learn_from).value_or(registry::TagList{}).tags;
  std::erase_if(tags, [&](const auto& tag) { return tag == first_tag || !registry::is_tag(tag); });
  tags.insert(tags.begin(), first_tag);
  const auto image = registry.image();
  std::set<std::string> read;
  for (const auto& tag : tags) {
    if (wanted.empty()) return;
    const auto manifest = registry.manifest(tag);
    if (!manifest || !children_of(*manifest).empty() || !read.insert(manifest->digest).second) continue;
    const auto blobs = blobs_of_manifest(*manifest);
    const auto config = registry.blob(blobs.front());
    const auto diff_ids = config ? registry::diff_ids_of(*config) : std::vector<std::string>{};
    if (diff_ids.size() + 1 != blobs.size()) continue;
    for (std::size_t i = 0; i < diff_ids.size(); ++i) {
      if (wanted.erase(diff_ids[i]) > 0) add(registry.host(), diff_ids[i], blobs[i + 1], image);
    }
  }
}

void KnownLayers::save() const {
  const std::lock_guard lock{mutex_};
  const auto json = file_.read();
  auto layers = object_at(json, "layers");
  auto manifests = object_at(json, "manifests");
  const auto use_of_layers = registry::next_use(layers);
  const auto use_of_manifests = registry::next_use(manifests);
  for (const auto& key : added_) {
    if (const auto found = layers_.find(key); found != layers_.end()) {
      const auto& known = found->second;
      layers[key] = {{"digest", known.descriptor.digest},
                     {"mediaType", known.descriptor.media_type},
                     {"size", known.descriptor.size},
                     {"images", known.images},
                     {"used", use_of_layers}};
    }
    if (const auto found = manifests_.find(key); found != manifests_.end())
      manifests[key] = {{"digest", found->second}, {"used", use_of_manifests}};
  }
  registry::keep_newest(layers, max_entries);
  registry::keep_newest(manifests, max_entries);
  file_.write(Json{{"layers", std::move(layers)}, {"manifests", std::move(manifests)}});
}

}  // namespace plugin::push
