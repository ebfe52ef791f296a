// SPDX-License-Identifier: Apache-2.0
#include "push/layout_writer.hpp"

#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;
namespace fs = std::filesystem;

constexpr unsigned readable_by_all = 0644;
constexpr std::size_t piece_size = 1U << 20;
constexpr const char* name_annotation = "org.opencontainers.image.ref.name";

void make_directory(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) {
    throw Error(Kind::config,
                "cannot create the directory '" + base::printable(directory.string(), 200) +
                    "': " + failure.message(),
                "check the path and its permissions");
  }
}

/// Whether the file is the blob already.
bool is_blob(const fs::path& file, const Descriptor& descriptor) {
  std::error_code failure;
  if (fs::file_size(file, failure) != descriptor.size || failure) return false;
  std::ifstream in{file, std::ios::binary};
  net::Sha256 sum;
  std::vector<char> buffer(piece_size);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    sum.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  return sum.digest() == descriptor.digest;
}

class LayoutWriter {
public:
  LayoutWriter(const fs::path& directory, Progress& progress)
      : directory_(directory), blobs_(directory / "blobs" / "sha256"), progress_(progress) {
    make_directory(blobs_);
  }

  void add(Blob& blob) {
    const auto& digest = blob.descriptor.digest;
    const auto row = progress_.add(registry::short_hex_of(digest));
    const auto file = blobs_ / registry::hex_of(digest);
    if (is_blob(file, blob.descriptor)) {
      progress_.set(row, "Layer already exists", true);
      return;
    }
    progress_.set(row, "Copying");
    copy(blob.fetch ? blob.fetch() : blob.bytes, digest, file);
    progress_.set(row, "Copied", true);
  }
  void add(const registry::StoredManifest& manifest) {
    base::write_file(blobs_ / registry::hex_of(manifest.digest), manifest.bytes, readable_by_all);
  }
  /// Makes `root` what the layout has under `name`.
  void finish(const registry::StoredManifest& root, const std::string& name) {
    const auto file = directory_ / "index.json";
    auto index = base::parse_json(base::read_file(file).value_or("")).value_or(base::Json::object());
    base::Json entries = base::Json::array();
    for (const auto& entry : base::member(index, "manifests")) {
      const auto other = base::text_at(base::member(entry, "annotations"), name_annotation).value_or("");
      const bool is_same = other.empty() && base::text_at(entry, "digest") == root.digest;
      if (other != name && !is_same) entries.push_back(entry);
    }
    base::Json entry{{"mediaType", root.media_type}, {"digest", root.digest}, {"size", root.bytes.size()}};
    if (!name.empty()) entry["annotations"] = {{name_annotation, name}};
    entries.push_back(std::move(entry));
    index["schemaVersion"] = 2;
    index["manifests"] = std::move(entries);
    base::write_file(directory_ / "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}", readable_by_all);
    base::write_file(file, index.dump(), readable_by_all);
  }

private:
  static void copy(const Slice& bytes, const std::string& digest, const fs::path& file) {
    const fs::path unfinished = file.string() + ".part";
    std::ofstream out{unfinished, std::ios::binary | std::ios::trunc};
    net::Sha256 sum;
    std::vector<char> buffer(piece_size);
    for (std::uint64_t offset = 0; offset < bytes.size() && out;) {
      base::throw_if_interrupted();
      const auto count = bytes.read(offset, buffer.data(), buffer.size());
      sum.add({buffer.data(), count});
      out.write(buffer.data(), static_cast<std::streamsize>(count));
      offset += count;
    }
    out.close();
    std::error_code failure;
    const bool is_right = sum.digest() == digest;
    if (out && is_right) fs::rename(unfinished, file, failure);
    if (out && is_right && !failure) return;
    std::error_code ignored;
    fs::remove(unfinished, ignored);
    if (!is_right && out) {
      throw Error(Kind::network, "the registry sent a blob that does not have its digest " + digest,
                  "try again; if this persists, push the image again");
    }
    throw Error(Kind::config, "cannot write '" + base::printable(file.string(), 200) + "'",
                "check that the disk is not full: df -h");
  }

  fs::path directory_;
  fs::path blobs_;
  Progress& progress_;
};

}  // namespace

Pushed write_layout(Contents& contents, const fs::path& directory, const std::string& name,
                    Progress& progress) {
  LayoutWriter writer{directory, progress};
  progress.phase("Copying");
  const registry::StoredManifest* root = nullptr;
  for (auto& image : contents.images) {
    writer.add(image.config);
    for (auto& layer : image.layers) writer.add(layer);
    writer.add(image.manifest);
    root = &image.manifest;
  }
  for (const auto& index : contents.indexes) {
    writer.add(index);
    root = &index;
  }
  if (root == nullptr) throw Error(Kind::not_found, "there is no image to copy");
  writer.finish(*root, name);
  return {root->digest, root->bytes.size()};
}

}  // namespace plugin::push
