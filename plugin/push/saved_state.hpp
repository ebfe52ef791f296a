// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "push/blob_upload.hpp"
#include "push/image.hpp"

namespace plugin::push {

/// Uploads that were not finished, for the next run of the same command: one small file each in a folder of
/// this user's state that nobody else can read. A folder that cannot be written to means no continuing, and
/// no error.
class SavedUploads {
public:
  /// With `resume` false nothing is found or saved, and what was saved is forgotten where it is looked for.
  SavedUploads(const base::Environment&, bool resume);

  std::optional<UploadState> load(const std::string& image, const std::string& digest) const;
  void save(const std::string& image, const std::string& digest, const UploadState&) const;
  void erase(const std::string& image, const std::string& digest) const;
  bool can_resume() const noexcept { return resume_; }

private:
  std::filesystem::path file_of(const std::string& image, const std::string& digest) const;
  /// Registries forget uploads after a week.
  void erase_old() const;

  std::filesystem::path folder_;
  bool resume_;
};

/// What layers became when they were pushed, so that they need not be compressed again to know their digests.
/// A hint only: whoever uses it asks the registry. A small file in this user's cache, with nothing secret.
class KnownLayers {
public:
  explicit KnownLayers(const base::Environment&);
  KnownLayers(const KnownLayers& other)
      : file_(other.file_), layers_(other.layers_), manifests_(other.manifests_) {}
  KnownLayers& operator=(const KnownLayers&) = delete;

  /// The blob that a layer was at `host`, and the image names there that have it, `host/path` each.
  struct Known {
    Descriptor descriptor;
    std::set<std::string> images;
  };
  std::optional<Known> find(const std::string& host, const std::string& diff_id) const;
  void add(const std::string& host, const std::string& diff_id, const Descriptor&, const std::string& image);
  /// The manifest that an image with this configuration had; empty when that is not known.
  std::string manifest_of(const std::string& image, const std::string& config_digest) const;
  void add_manifest(const std::string& image, const std::string& config_digest, const std::string& digest);
  /// Writes what was added, and what other processes have written meanwhile.
  void save() const;

private:
  void read();

  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::map<std::string, Known> layers_;           ///< by host and diffID
  std::map<std::string, std::string> manifests_;  ///< by image and configuration
};

}  // namespace plugin::push
