// SPDX-License-Identifier: Apache-2.0
#include "push/saved_state.hpp"

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace plugin::push {
namespace {

using base::Json;

constexpr std::size_t max_entries = 5000;
constexpr std::chrono::hours max_age{24 * 7};

std::filesystem::path cache_file(const base::Environment& environment) {
  // XDG Base Directory Specification: a relative path is to be ignored.
  const auto set = environment.non_empty("XDG_CACHE_HOME");
  const auto home = set && set->front() == '/' ? std::filesystem::path{*set} : environment.home() / ".cache";
  return home / "docker-snowflake" / "layers.json";
}

const Json& object_at(const Json& json, const char* name) {
  static const Json none = Json::object();
  const auto& value = base::member(json, name);
  return value.is_object() ? value : none;
}

}  // namespace

SavedUploads::SavedUploads(const base::Environment& environment, bool resume)
    : folder_(environment.state_home() / "docker-snowflake" / "uploads"), resume_(resume) {
  erase_old();
}

std::filesystem::path SavedUploads::file_of(const std::string& image, const std::string& digest) const {
  return folder_ / (registry::digest_of(image + "@" + digest).substr(7) + ".json");
}

void SavedUploads::erase_old() const {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator{folder_, failure}) {
    const auto age = std::filesystem::file_time_type::clock::now() - entry.last_write_time(failure);
    if (!failure && age > max_age) std::filesystem::remove(entry.path(), failure);
  }
}

std::optional<UploadState> SavedUploads::load(const std::string& image, const std::string& digest) const {
  if (!resume_) {
    erase(image, digest);
    return std::nullopt;
  }
  try {
    const auto json = base::parse_json(base::read_file(file_of(image, digest)).value_or("")).value_or(Json{});
    const auto location = base::text_at(json, "location");
    const auto offset = base::whole_number_at(json, "offset").value_or(-1);
    if (!location || offset < 0) return std::nullopt;
    return UploadState{*location, static_cast<std::uint64_t>(offset)};
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

void SavedUploads::save(const std::string& image, const std::string& digest, const UploadState& state) const {
  if (!resume_) return;
  std::error_code failure;
  std::filesystem::create_directories(folder_, failure);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failure);
  if (failure) return;
  try {
    base::write_file(file_of(image, digest),
                     base::dump_json(Json{{"location", state.location}, {"offset", state.offset}}));
  } catch (const base::Error&) {
    // A full disk: the push itself goes on.
  }
}

void SavedUploads::erase(const std::string& image, const std::string& digest) const {
  std::error_code failure;
  std::filesystem::remove(file_of(image, digest), failure);
}

KnownLayers::KnownLayers(const base::Environment& environment) : file_(cache_file(environment)) { read(); }

void KnownLayers::read() {
  try {
    const auto json = base::parse_json(base::read_file(file_).value_or("")).value_or(Json{});
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
      if (value.is_string()) manifests_.insert({key, value.get<std::string>()});
    }
  } catch (const base::Error&) {
    // Then every layer is compressed once more.
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
}

void KnownLayers::save() const {
  KnownLayers others = *this;
  others.read();
  Json layers = Json::object();
  for (const auto& [key, known] : others.layers_) {
    if (layers.size() == max_entries) break;
    layers[key] = {{"digest", known.descriptor.digest},
                   {"mediaType", known.descriptor.media_type},
                   {"size", known.descriptor.size},
                   {"images", known.images}};
  }
  Json manifests = Json::object();
  for (const auto& [key, digest] : others.manifests_) {
    if (manifests.size() < max_entries) manifests[key] = digest;
  }
  std::error_code failure;
  std::filesystem::create_directories(file_.parent_path(), failure);
  try {
    base::write_file(
        file_, base::dump_json(Json{{"layers", std::move(layers)}, {"manifests", std::move(manifests)}}));
  } catch (const base::Error&) {
    // A read-only home or a full disk: the image was pushed all the same.
  }
}

}  // namespace plugin::push
