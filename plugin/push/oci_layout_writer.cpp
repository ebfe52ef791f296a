// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "push/image.hpp"
#include "push/push_progress.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;
namespace fs = std::filesystem;

constexpr unsigned readable_by_all = 0644;
constexpr const char* name_annotation = "org.opencontainers.image.ref.name";

void make_directory(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) {
    throw Error(Kind::config,
                "cannot create the directory " + quoted(directory.string()) + ": " + failure.message(),
                "check the path and its permissions");
  }
}

/// Whether the file has the blob already.
bool is_blob(const fs::path& file, const Descriptor& descriptor) {
  std::error_code failure;
  if (fs::file_size(file, failure) != descriptor.size || failure) return false;
  try {
    net::Sha256 sum;
    Slice{File::open(file), 0, descriptor.size}.for_each_piece(
        [&](std::string_view piece) { sum.add(piece); });
    return sum.digest() == descriptor.digest;
  } catch (const Error&) {
    return false;  // Not readable: it is replaced.
  }
}

/// The index of a layout; an empty one when there is none yet.
base::Json read_index(const fs::path& file) {
  const auto text = base::read_file(file).value_or("");
  if (base::trim(text).empty()) return base::Json::object();
  auto index = base::parse_json(text).value_or(base::Json{});
  const auto& entries = base::member(index, "manifests");
  if (index.is_object() && (entries.is_array() || entries.is_null())) return index;
  throw Error(Kind::config, quoted(file.string()) + " is not the index of an OCI image layout",
              "choose another directory, or remove that file");
}

class LayoutWriter {
public:
  LayoutWriter(const fs::path& directory, PushProgress& progress)
      : directory_(directory), blobs_(directory / "blobs" / "sha256"), progress_(progress) {
    // Before anything is downloaded.
    read_index(directory_ / "index.json");
    make_directory(blobs_);
  }

  void add(Blob& blob) {
    const auto& digest = blob.descriptor.digest;
    const auto row = progress_.add(registry::short_hex_of(digest));
    const auto file = blobs_ / registry::hex_of(digest);
    if (is_blob(file, blob.descriptor)) {
      progress_.set_status(row, "Layer already exists", true);
      return;
    }
    progress_.set_status(row, "Copying");
    copy(blob.fetch ? blob.fetch() : blob.bytes, digest, file);
    progress_.set_status(row, "Copied", true);
  }
  void add(const registry::StoredManifest& manifest) {
    base::write_file(blobs_ / registry::hex_of(manifest.digest), manifest.bytes, readable_by_all);
  }
  /// Lists `root` in index.json as the image `name`.
  void finish(const registry::StoredManifest& root, const std::string& name) {
    const auto file = directory_ / "index.json";
    // Again: another process may have added an image.
    auto index = read_index(file);
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
    PartFile part{file};
    net::Sha256 sum;
    bytes.for_each_piece([&](std::string_view piece) {
      base::throw_if_interrupted();
      sum.add(piece);
      part.write(piece);
    });
    if (sum.digest() != digest) {
      throw Error(Kind::network, "the registry sent a blob that does not have its digest " + digest,
                  "try again; if this persists, push the image again");
    }
    part.finish();
  }

  fs::path directory_;
  fs::path blobs_;
  PushProgress& progress_;
};

}  // namespace

PushedManifest write_layout(Contents& contents, const fs::path& directory, const std::string& name,
                            PushProgress& progress) {
  LayoutWriter writer{directory, progress};
  progress.set_phase("Copying");
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
