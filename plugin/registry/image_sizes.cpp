// SPDX-License-Identifier: Apache-2.0
#include "registry/image_sizes.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "registry/worker_threads.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Json;
using base::Kind;

constexpr std::size_t max_threads = 4;
constexpr std::size_t max_cached = 5000;
constexpr int max_index_depth = 4;

BlobSizes blobs_in(const Json& json) {
  BlobSizes blobs;
  for (const auto& [digest, size] : json.items()) {
    if (is_digest(digest) && size.is_number_unsigned()) blobs[digest] = size.get<std::uint64_t>();
  }
  return blobs;
}

}  // namespace

std::uint64_t bytes_of(const BlobSizes& blobs) {
  return std::accumulate(blobs.begin(), blobs.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& blob) { return sum + blob.second; });
}

ImageSizes::ImageSizes(const base::Environment& environment, base::Clock& clock, std::string host,
                       Access access)
    : host_(std::move(host)),
      access_(one_login_at_a_time(std::move(access))),
      cache_(environment, "sizes.json"),
      clients_(environment, clock, stop_, access_.log) {
  // Nothing else may be printed beside a progress line.
  access_.on_wait = {};
}

void ImageSizes::load_cache() {
  const auto json = cache_.read();
  for (const auto& [digest, blobs] : json.items()) {
    if (auto sizes = blobs_in(blobs); is_digest(digest) && !sizes.empty()) known_[digest] = std::move(sizes);
  }
}

void ImageSizes::save_cache(const std::set<std::string>& wanted) const {
  auto json = cache_.read();
  const auto use = next_use(json);
  for (const auto& [digest, blobs] : known_) {
    if (json.contains(digest) && !wanted.contains(digest)) continue;
    json[digest] = blobs;
    json[digest]["used"] = use;
  }
  keep_newest(json, max_cached);
  cache_.write(json);
}

void ImageSizes::read_manifest(ImageClient& registry, const std::string& digest, int depth,
                               BlobSizes& blobs) {
  const auto manifest = registry.manifest(digest);
  if (!manifest || depth > max_index_depth) return;
  if (is_index_type(manifest->media_type)) {
    for (const auto& child : children_of(*manifest)) read_manifest(registry, child, depth + 1, blobs);
    return;
  }
  for (const auto& blob : blobs_of_manifest(*manifest)) blobs[blob.digest] = blob.size;
}

ImageSizes::Found ImageSizes::read_manifests(const std::string& path,
                                             const std::vector<std::string>& digests) {
  Authorization authorization{clients_.clock, host_, scope_of(path, "pull"), access_};
  ImageClient registry{clients_, authorization, path};
  Found found;
  for (const auto& digest : digests) {
    try {
      BlobSizes blobs;
      read_manifest(registry, digest, 0, blobs);
      if (!blobs.empty()) found[digest] = std::move(blobs);
    } catch (const Error& error) {
      // Denied to this role, or not the manifest of an image: the caller reports which ones are missing.
      if (error.kind() != Kind::denied && error.kind() != Kind::config) throw;
    }
  }
  return found;
}

void ImageSizes::read_all(const std::map<std::string, std::vector<std::string>>& by_path) {
  // A login that fails is reported once, before any thread needs it.
  access_.credential(false);
  std::mutex mutex;
  auto next = by_path.begin();
  run_workers(std::min(max_threads, by_path.size()), stop_, [&] {
    for (;;) {
      std::unique_lock lock{mutex};
      if (next == by_path.end() || stop_) return;
      const auto& [path, digests] = *next++;
      lock.unlock();
      auto found = read_manifests(path, digests);
      lock.lock();
      known_.merge(found);
    }
  });
}

std::vector<std::optional<BlobSizes>> ImageSizes::read(const std::vector<ImageName>& images) {
  load_cache();
  std::map<std::string, std::vector<std::string>> by_path;
  for (const auto& image : images) {
    auto& digests = by_path[image.path];
    if (!known_.contains(image.digest) && std::ranges::find(digests, image.digest) == digests.end())
      digests.push_back(image.digest);
  }
  std::erase_if(by_path, [](const auto& entry) { return entry.second.empty(); });
  if (!by_path.empty()) {
    read_all(by_path);
    std::set<std::string> wanted;
    for (const auto& image : images) wanted.insert(image.digest);
    save_cache(wanted);
  }
  std::vector<std::optional<BlobSizes>> sizes;
  for (const auto& image : images) {
    const auto found = known_.find(image.digest);
    sizes.push_back(found == known_.end() ? std::nullopt : std::optional{found->second});
  }
  return sizes;
}

}  // namespace plugin::registry
