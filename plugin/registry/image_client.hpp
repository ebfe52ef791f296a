// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/http.hpp"
#include "net/request_log.hpp"
#include "registry/authorization.hpp"
#include "registry/manifest.hpp"
#include "registry/retry_state.hpp"
#include "registry/tag_list.hpp"

namespace plugin::registry {

/// HTTP clients that the image clients of one command share, so that connections are reused. Safe to use from
/// several threads.
class HttpClientPool {
public:
  /// Requests and waits end with `Interrupted` when `stop` becomes true. All arguments must outlive this.
  HttpClientPool(const base::Environment& environment, base::Clock& run_clock,
                 const std::atomic<bool>& run_stop, net::RequestLog log)
      : clock(run_clock), stop(run_stop), environment_(environment), log_(log) {}
  HttpClientPool(const HttpClientPool&) = delete;
  HttpClientPool& operator=(const HttpClientPool&) = delete;

  /// The client that was returned last, or a new one. It returns to the pool, which must outlive it, when its
  /// last `shared_ptr` is destroyed.
  std::shared_ptr<net::HttpClient> acquire();

  base::Clock& clock;
  const std::atomic<bool>& stop;

private:
  const base::Environment& environment_;
  net::RequestLog log_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<net::HttpClient>> idle_;
};

/// Sends requests about one image name at a registry, `db/schema/repo/app`; for one thread. Everything but
/// `send` retries after broken connections, refused tokens and registry failures, as `RetryState` decides,
/// and throws the same errors.
class ImageClient {
public:
  using OnWait = std::function<void(const std::string&)>;

  /// `on_wait` is called before each wait with the reason, instead of that of the `Access`.
  ImageClient(HttpClientPool&, Authorization&, std::string path, const OnWait& on_wait = {});

  /// Sends a request to the registry, or to a URL that it sent, and follows redirects: registries may store
  /// blobs elsewhere. The bearer token goes to the registry only. Throws `network` for a URL without TLS at
  /// another host.
  Reply send(net::HttpRequest);
  /// The URL below `/v2/<name>/`.
  std::string url(const std::string& rest) const;
  /// Waits before a retry, and renews what `backoff` says, unless the token of the last request was renewed
  /// meanwhile.
  void wait(const RetryState::Backoff& backoff, const std::string& reason);

  /// Sets `insufficient_scope` of the reply to a request that writes if the bearer token is accepted for
  /// reading: some registries answer a role without the privilege with 401, and do not say why.
  Reply with_scope_checked(Reply);

  /// A manifest whose bytes have the expected digest; absent when there is none. `reference` is a tag or a
  /// digest.
  std::optional<StoredManifest> manifest(const std::string& reference);
  /// Stores a manifest. Throws `config` when its media type is not valid.
  void put_manifest(const std::string& reference, const StoredManifest&);
  /// Whether the registry has the blob; false for 404 and every other response that is not retried.
  bool has_blob(const std::string& digest);
  /// Mounts a blob of the image name `from`, at the same registry, into this one. False when the registry
  /// starts an upload instead.
  bool mount_blob(const std::string& digest, const std::string& from);
  /// A small blob whose bytes have the expected digest; absent when there is none, or when it has more than
  /// 8 MiB.
  std::optional<std::string> blob(const Descriptor&);
  /// Passes the blob of `size` bytes to `sink` in pieces; after a broken connection it continues where that
  /// broke. A blob that is shorter ends early; one that is longer is an error. Throws `not_found`.
  void read_blob(const std::string& digest, std::uint64_t size,
                 const std::function<void(std::string_view)>& sink);
  /// The tags of this image after the tag `last`, if that is given: at most `max_count`, or all. Absent when
  /// the registry does not list them, such as before the first push. Throws also as `read_tags`.
  std::optional<TagList> tags(std::optional<std::size_t> max_count, const std::string& last = {});

  const std::string& path() const noexcept { return path_; }
  const std::string& host() const noexcept { return authorization_.host(); }
  /// `host/path`.
  std::string image() const { return host() + "/" + path_; }
  /// The whole response to the last request.
  const net::HttpResponse& last_response() const noexcept { return response_; }

private:
  /// The absolute URL of `location`, from the registry's response to a request for `page`.
  std::string resolved(const std::string& page, const std::string& location) const;
  /// Sends a request and sets its authorization. Throws `net::NoAnswer`.
  Reply send_once(net::HttpRequest&);
  Reply send_until_answered(const net::HttpRequest&, const std::string& what);
  /// Waits before the next attempt of a request that failed with `reply`. Throws like
  /// `RetryState::next_retry`.
  void wait_for_retry(RetryState&, const Reply& reply, const std::string& what);

  HttpClientPool& clients_;
  Authorization& authorization_;
  std::string path_;
  OnWait on_wait_;
  std::shared_ptr<net::HttpClient> http_;
  base::Secret last_bearer_;  ///< of the last request
  net::HttpResponse response_;
};

}  // namespace plugin::registry
