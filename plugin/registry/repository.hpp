// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/transfer.hpp"
#include "registry/authorization.hpp"
#include "registry/manifest.hpp"
#include "registry/persistence.hpp"
#include "registry/tag_list.hpp"

namespace plugin::registry {

/// One image name at a registry, `db/schema/repo/app`, for one thread. Everything but `ask` retries after
/// broken connections, refused tokens and registry failures, as `Persistence` decides, and throws the same
/// errors.
class Repository {
public:
  using OnWait = std::function<void(const std::string&)>;

  /// `on_wait` is told before each wait why, instead of that of the access; requests end with `Interrupted`
  /// when `stop` becomes true.
  Repository(const base::Environment&, base::Clock&, Authorization&, std::string path,
             const std::atomic<bool>& stop, OnWait on_wait = {});
  /// The same with a client that it borrows, for the same `stop`.
  Repository(base::Clock&, Authorization&, std::string path, const std::atomic<bool>& stop,
             std::shared_ptr<net::TransferClient>, OnWait on_wait = {});

  /// One request to a path of the registry, or to an address that it named. The bearer token goes to the
  /// registry alone: another host is asked without it, and over TLS.
  Reply ask(net::TransferRequest);
  /// The URL below `/v2/<name>/`.
  std::string url(const std::string& rest) const;
  /// The absolute URL of `location`, from the registry's answer to a request for `page`. Throws `network` for
  /// an address that nothing should be sent to.
  std::string resolved(const std::string& page, const std::string& location) const;
  /// Waits, and renews what `pause` says, if the token is still the one that the last request used.
  void wait(const Persistence::Pause& pause, const std::string& reason);

  /// The bytes of a manifest and its digest, checked; absent when there is none. `reference` is a tag or a
  /// digest.
  std::optional<StoredManifest> manifest(const std::string& reference);
  /// Stores a manifest. Throws `config` when its media type is not valid.
  void put_manifest(const std::string& reference, const StoredManifest&);
  /// Whether the registry answers that the blob is there; false for 404 and every other final answer.
  bool has_blob(const std::string& digest);
  /// Mounts a blob of the image name `from`, at the same registry, into this one. False when the registry
  /// does not do that.
  bool mount_blob(const std::string& digest, const std::string& from);
  /// A small blob, checked; absent when there is none, or when it has more than 8 MiB.
  std::optional<std::string> blob(const Descriptor&);
  /// Hands the blob of `size` bytes to `sink` in pieces; after a broken connection it continues where that
  /// broke. A blob that is shorter ends early, one that is longer is an error. Throws `not_found`.
  void read_blob(const std::string& digest, std::uint64_t size,
                 const std::function<void(std::string_view)>& sink);
  /// The tags of this image after the tag `last`, if that is given: at most `most`, or all. Absent when the
  /// registry does not list them, such as before the first push. Throws also as `read_tags`.
  std::optional<TagList> tags(std::optional<std::size_t> most, const std::string& last = {});

  const std::string& path() const noexcept { return path_; }
  const std::string& host() const noexcept { return authorization_.host(); }
  /// The whole answer to the last request.
  const net::HttpResponse& last_response() const noexcept { return response_; }

private:
  /// Follows redirects of GET and HEAD.
  Reply ask_until_answered(const net::TransferRequest&, const std::string& what);

  base::Clock& clock_;
  Authorization& authorization_;
  std::string path_;
  const std::atomic<bool>& stop_;
  OnWait on_wait_;
  std::shared_ptr<net::TransferClient> http_;
  base::Secret used_;
  net::HttpResponse response_;
};

}  // namespace plugin::registry
