// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "push/blob_upload.hpp"

namespace plugin::push {

/// The states of unfinished uploads, for the next run of the same command: one small file each in the user's
/// state directory, which other users cannot read. If that is not writable, uploads cannot be resumed, which
/// is not an error.
class SavedUploads {
public:
  /// With `resume` false nothing is loaded or saved, and `load` deletes what was saved.
  SavedUploads(const base::Environment&, bool resume);

  std::optional<UploadState> load(const std::string& image, const std::string& name) const;
  void save(const std::string& image, const std::string& name, const UploadState&) const;
  void erase(const std::string& image, const std::string& name) const;
  bool can_resume() const noexcept { return resume_; }

private:
  std::filesystem::path file_of(const std::string& image, const std::string& name) const;
  /// Registries delete unfinished uploads after a week.
  void erase_old() const;

  std::filesystem::path directory_;
  bool resume_;
};

}  // namespace plugin::push
