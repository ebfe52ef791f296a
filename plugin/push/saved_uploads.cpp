// SPDX-License-Identifier: Apache-2.0
#include "push/saved_uploads.hpp"

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/json.hpp"
#include "net/url.hpp"
#include "registry/manifest.hpp"

namespace plugin::push {
namespace {

using base::Json;

constexpr std::chrono::hours max_age{24 * 7};

}  // namespace

SavedUploads::SavedUploads(const base::Environment& environment, bool resume)
    : directory_(environment.state_file("uploads")), resume_(resume) {
  erase_old();
}

std::filesystem::path SavedUploads::file_of(const std::string& image, const std::string& name) const {
  return directory_.empty()
             ? directory_
             : directory_ / (registry::hex_of(registry::digest_of(image + "@" + name)) + ".json");
}

void SavedUploads::erase_old() const {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator{directory_, failure}) {
    const auto age = std::filesystem::file_time_type::clock::now() - entry.last_write_time(failure);
    if (!failure && age > max_age) std::filesystem::remove(entry.path(), failure);
  }
}

std::optional<UploadState> SavedUploads::load(const std::string& image, const std::string& name) const {
  if (!resume_) {
    erase(image, name);
    return std::nullopt;
  }
  try {
    const auto json = base::parse_json(base::read_file(file_of(image, name)).value_or("")).value_or(Json{});
    const auto location = base::text_at(json, "location");
    const auto offset = base::whole_number_at(json, "offset").value_or(-1);
    if (!location || offset < 0) return std::nullopt;
    net::parse_url(*location);  // throws for what is not a URL
    return UploadState{*location, static_cast<std::uint64_t>(offset),
                       base::text_at(json, "sample").value_or("")};
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

void SavedUploads::save(const std::string& image, const std::string& name, const UploadState& state) const {
  if (!resume_ || directory_.empty()) return;
  std::error_code failure;
  std::filesystem::create_directories(directory_, failure);
  std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, failure);
  if (failure) return;
  try {
    base::write_file(file_of(image, name),
                     base::dump_json(Json{
                         {"location", state.location}, {"offset", state.offset}, {"sample", state.sample}}));
  } catch (const base::Error&) {
    // A full disk does not stop the push.
  }
}

void SavedUploads::erase(const std::string& image, const std::string& name) const {
  std::error_code failure;
  std::filesystem::remove(file_of(image, name), failure);
}

}  // namespace plugin::push
