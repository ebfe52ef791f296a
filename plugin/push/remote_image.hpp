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

/// An image at a registry, to be read, or to be given another tag.
class RemoteImage {
public:
  RemoteImage(const base::Environment&, base::Clock&, registry::Access, Location);

  /// Everything the image consists of, for a push to another place. Blobs are fetched when they are needed,
  /// which may be after this returns: this object must outlive that. When `target_host` is the image's own
  /// registry, they are mounted there instead. Throws `not_found`.
  Contents contents(const std::string& target_host);
  /// Points `tag` at this image. Returns the digest and size of the manifest that it now refers to.
  Pushed add_tag(const std::string& tag);

private:
  registry::Repository repository(const char* actions);
  registry::StoredManifest manifest(registry::Repository&, const std::string& reference);
  void add(registry::Repository&, const registry::StoredManifest&, const std::string& mount_from, Contents&);
  Slice fetch(const Descriptor&);

  const base::Environment& environment_;
  base::Clock& clock_;
  Location location_;
  registry::Access access_;
  std::unique_ptr<registry::Authorization> authorization_;
  std::atomic<bool> stop_{false};
};

}  // namespace plugin::push
