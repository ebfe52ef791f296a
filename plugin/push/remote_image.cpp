// SPDX-License-Identifier: Apache-2.0
#include "push/remote_image.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "push/pusher.hpp"

namespace plugin::push {

using base::Error;
using base::Kind;

RemoteImage::RemoteImage(const base::Environment& environment, base::Clock& clock, registry::Access access,
                         RegistryImage location)
    : environment_(environment),
      location_(std::move(location)),
      access_(std::move(access)),
      clients_(environment, clock, stop_, access_.log) {}

registry::ImageClient RemoteImage::image_client(const char* actions) {
  if (!authorization_) {
    authorization_ = std::make_unique<registry::Authorization>(
        clients_.clock, location_.host, registry::scope_of(location_.path, actions), access_);
  }
  return {clients_, *authorization_, location_.path};
}

registry::StoredManifest RemoteImage::manifest(registry::ImageClient& registry,
                                               const std::string& reference) {
  if (auto found = registry.manifest(reference)) return *std::move(found);
  throw Error(Kind::not_found,
              "the registry has no image " + RegistryImage{location_.host, location_.path, reference}.text(),
              "docker snowflake images lists those that it has");
}

Contents RemoteImage::contents(const std::string& target_host) {
  auto registry = image_client("pull");
  Contents contents;
  add(registry, manifest(registry, location_.reference), target_host == location_.host ? location_.path : "",
      contents);
  return contents;
}

void RemoteImage::add(registry::ImageClient& registry, const registry::StoredManifest& stored,
                      const std::string& mount_from, Contents& contents) {
  const auto children = children_of(stored);
  if (!children.empty()) {
    for (const auto& child : children) add(registry, manifest(registry, child), mount_from, contents);
    contents.indexes.push_back(stored);
    return;
  }
  Image image;
  image.manifest = stored;
  for (const auto& descriptor : blobs_of_manifest(stored)) {
    Blob blob{descriptor, {}, {}, false, [this, descriptor] { return fetch(descriptor); }, mount_from};
    if (image.config.descriptor.digest.empty()) {
      image.config = std::move(blob);
    } else {
      image.layers.push_back(std::move(blob));
    }
  }
  contents.images.push_back(std::move(image));
}

/// Downloads a blob to a spool file, so that its upload can continue after a broken connection.
Slice RemoteImage::fetch(const Descriptor& descriptor) {
  registry::ImageClient registry{clients_, *authorization_, location_.path};
  Spool spool{environment_, descriptor.size};
  registry.read_blob(descriptor.digest, descriptor.size, [&](std::string_view piece) { spool.write(piece); });
  auto bytes = spool.slice();
  if (bytes.size() != descriptor.size) {
    throw Error(Kind::config,
                "the blob " + descriptor.digest + " has a different size than the manifest says",
                "push the image again");
  }
  return bytes;
}

PushedManifest RemoteImage::add_tag(const std::string& tag) {
  auto registry = image_client("pull,push");
  const auto stored = manifest(registry, location_.reference);
  try {
    registry.put_manifest(tag, stored);
  } catch (const Error& error) {
    throw with_hint(error, access_, true);
  }
  return {stored.digest, stored.bytes.size()};
}

}  // namespace plugin::push
