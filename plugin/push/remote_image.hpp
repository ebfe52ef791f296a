// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "push/image.hpp"
#include "push/pusher.hpp"
#include "registry/authorization.hpp"

namespace plugin::push {

/// An image at a registry, to copy or to tag.
class RemoteImage {
public:
  RemoteImage(const base::Environment&, base::Clock&, registry::Access, RegistryImage);

  /// The image as the source of a push. Its blobs are fetched when they are needed, so this object must
  /// outlive that push. If `target_host` is the image's own registry, they are mounted instead. Throws
  /// `not_found`.
  Contents contents(const std::string& target_host);
  /// Gives the image another tag. Returns the manifest that both refer to.
  PushedManifest add_tag(const std::string& tag);

private:
  registry::ImageClient image_client(const char* actions);
  registry::StoredManifest manifest(registry::ImageClient&, const std::string& reference);
  void add(registry::ImageClient&, const registry::StoredManifest&, const std::string& mount_from, Contents&);
  Slice fetch(const Descriptor&);

  const base::Environment& environment_;
  RegistryImage location_;
  registry::Access access_;
  std::atomic<bool> stop_{false};
  registry::HttpClientPool clients_;
  std::unique_ptr<registry::Authorization> authorization_;
};

}  // namespace plugin::push
