// SPDX-License-Identifier: Apache-2.0
#include "push/send_blob.hpp"

#include <utility>

#include "base/interruption.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin::push {
namespace {

using namespace std::chrono_literals;
using Step = BlobUpload::Step;

constexpr auto delete_timeout = 5s;

/// Whether the registry may have the blob already, or mount it, so that no bytes are needed yet.
bool needs_no_bytes(const BlobUpload& upload) {
  return upload.step() == Step::head || (upload.step() == Step::post && !upload.mount_from().empty());
}

/// The request of a step, without its body.
net::HttpRequest request_of(const registry::ImageClient& registry, const BlobUpload& upload) {
  const auto& digest = upload.digest();
  net::HttpRequest request;
  request.url = upload.location();
  switch (upload.step()) {
    case Step::head:
      request.method = "HEAD";
      request.url = registry.url("blobs/" + digest);
      break;
    case Step::post:
      request.method = "POST";
      request.url = registry.url("blobs/uploads/");
      if (const auto from = upload.mount_from(); !from.empty()) {
        net::add_query(request.url, "mount", digest);
        net::add_query(request.url, "from", from);
      }
      break;
    case Step::patch: {
      const auto last = upload.offset() + upload.length() - 1;
      request.method = "PATCH";
      request.headers = {{"Content-Type", "application/octet-stream"},
                         {"Content-Range", std::to_string(upload.offset()) + "-" + std::to_string(last)}};
      break;
    }
    case Step::put:
    case Step::put_monolithic:
      request.method = "PUT";
      request.headers = {{"Content-Type", "application/octet-stream"}};
      net::add_query(request.url, "digest", digest);
      break;
    case Step::status:
    case Step::done:
      break;
  }
  return request;
}

/// Sends the request of a step. Waits for a slot when there is a body.
registry::Reply perform_step(registry::ImageClient& registry, UploadContext& uploads,
                             const BlobUpload& upload, const Slice* bytes,
                             const std::function<void(std::uint64_t)>& on_sent) {
  auto request = request_of(registry, upload);
  const bool has_body = upload.step() == Step::patch || upload.step() == Step::put_monolithic;
  registry::Reply reply;
  if (has_body) {
    const auto begin = upload.step() == Step::patch ? upload.offset() : 0;
    const auto body = bytes->part(begin, upload.length());
    request.upload = &body;
    if (on_sent) request.on_sent = [&](std::uint64_t sent) { on_sent(begin + sent); };
    const auto slot = uploads.slots.acquire(uploads.stop);
    reply = registry.send(request);
    if (reply.status == 429) uploads.slots.on_refused();
    if (reply.status / 100 == 2) uploads.slots.on_accepted();
  } else {
    reply = registry.send(request);
  }
  return reply;
}

}  // namespace

std::string UploadContext::claim(const std::string& name) {
  const std::lock_guard lock{mutex_};
  return claimed_.insert(name).second ? name : std::string{};
}

void UploadContext::release(const std::string& name) {
  const std::lock_guard lock{mutex_};
  claimed_.erase(name);
}

void UploadContext::abandon(const std::string& path, const BlobUpload& upload, const std::string& saved_as) {
  const bool is_saved = !saved_as.empty() && saved.can_resume() && upload.offset() > 0;
  if (upload.location().empty() || is_saved) return;
  const std::lock_guard lock{mutex_};
  abandoned_[path].push_back(upload.location());
}

void UploadContext::delete_abandoned(const Authorize& authorize) {
  std::map<std::string, std::vector<std::string>> abandoned;
  {
    const std::lock_guard lock{mutex_};
    abandoned.swap(abandoned_);
  }
  const base::InterruptionShield shield;
  const std::atomic<bool> never{false};
  for (const auto& [path, locations] : abandoned) {
    try {
      bool may_delete = false;
      auto& authorization = authorize(path, may_delete);
      registry::HttpClientPool clients{environment_, clock, never, authorization.access().log};
      std::optional<registry::ImageClient> registry{std::in_place, clients, authorization, path};
      for (const auto& location : locations) {
        net::HttpRequest request;
        request.method = "DELETE";
        request.url = location;
        request.timeout = delete_timeout;
        auto reply = registry->send(request);
        // Docker's registry requires a scope that a push does not need, and that other token servers may not
        // know.
        if (reply.status == 401 && !std::exchange(may_delete, true)) {
          registry.emplace(clients, authorize(path, may_delete), path);
          reply = registry->send(request);
        }
        if (reply.status == 0) return;
      }
    } catch (const std::exception&) {
      // Perhaps the role has lost its privilege for this image; continue with the others.
    }
  }
}

void perform_next_step(registry::ImageClient& registry, UploadContext& uploads, BlobUpload& upload,
                       const Slice* bytes, const UploadEvents& events, const std::string& saved_as) {
  const auto before = upload.state();
  const bool was_resumed = upload.resumed_at() > 0;
  auto reply = perform_step(registry, uploads, upload, bytes, events.on_sent);
  // A role that was allowed to begin an upload may write: a later refusal is about the token.
  if (upload.step() == Step::post) reply = registry.with_scope_checked(std::move(reply));
  const auto backoff = upload.on_reply(reply, uploads.clock.steady(), net::random_fraction());
  if (!saved_as.empty() && upload.offset() > 0 && upload.state() != before)
    uploads.saved.save(registry.image(), saved_as, upload.state());
  if (upload.resumed_at() > 0 && !was_resumed && events.on_resumed) events.on_resumed(upload.resumed_at());
  registry.wait(backoff, reply.message);
}

std::optional<BlobUpload::Result> send_blob(registry::ImageClient& registry, UploadContext& uploads,
                                            const BlobToSend& blob) {
  const auto& digest = blob.descriptor.digest;
  const auto image = registry.image();
  BlobUpload upload{{digest, blob.descriptor.size, blob.mount_from},
                    uploads.abilities,
                    uploads.saved.load(image, digest),
                    uploads.clock.steady()};
  const Slice* bytes = nullptr;
  try {
    while (upload.step() != Step::done) {
      if (!needs_no_bytes(upload) && bytes == nullptr) {
        bytes = blob.bytes();
        if (bytes == nullptr) {
          uploads.abandon(registry.path(), upload, digest);
          return std::nullopt;
        }
      }
      if (blob.verify && (upload.step() == Step::put || upload.step() == Step::put_monolithic)) blob.verify();
      perform_next_step(registry, uploads, upload, bytes, blob.events, digest);
    }
  } catch (...) {
    uploads.abandon(registry.path(), upload, digest);
    throw;
  }
  uploads.saved.erase(image, digest);
  return upload.result();
}

}  // namespace plugin::push
