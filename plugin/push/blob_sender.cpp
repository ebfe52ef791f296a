// SPDX-License-Identifier: Apache-2.0
#include "push/blob_sender.hpp"

#include "base/interruption.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin::push {
namespace {

using namespace std::chrono_literals;
using Step = BlobUpload::Step;

/// Whether the step is a question only, for which no bytes are needed yet.
bool asks_only(const BlobUpload& upload) {
  return upload.step() == Step::head || (upload.step() == Step::post && !upload.mount_from().empty());
}

/// The request of a step, without its body.
net::TransferRequest request_of(const registry::Repository& registry, const BlobUpload& upload,
                                const std::string& digest) {
  net::TransferRequest request;
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
    case Step::put_whole:
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

}  // namespace

void Uploads::abandon(const std::string& location) {
  const std::lock_guard lock{mutex_};
  abandoned_.push_back(location);
}

void Uploads::delete_abandoned(registry::Repository& registry) {
  const std::lock_guard lock{mutex_};
  const base::InterruptionShield shield;
  try {
    for (const auto& location : abandoned_) {
      net::TransferRequest request;
      request.method = "DELETE";
      request.url = location;
      request.stall_timeout = 1s;
      registry.ask(request);
    }
  } catch (const std::exception&) {
    // The registry forgets them by itself, later.
  }
  abandoned_.clear();
}

registry::Reply perform_step(registry::Repository& registry, Uploads& uploads, const BlobUpload& upload,
                             const std::string& digest, const Slice* bytes,
                             const std::function<void(std::uint64_t)>& on_sent) {
  auto request = request_of(registry, upload, digest);
  const bool has_body = upload.step() == Step::patch || upload.step() == Step::put_whole;
  registry::Reply reply;
  if (has_body) {
    const auto begin = upload.step() == Step::patch ? upload.offset() : 0;
    const auto body = bytes->part(begin, upload.length());
    request.body = &body;
    if (on_sent) request.on_sent = [&](std::uint64_t sent) { on_sent(begin + sent); };
    const auto slot = uploads.slots.take(uploads.stop);
    reply = registry.ask(request);
    if (reply.status == 429) uploads.slots.refused();
    if (reply.status / 100 == 2) uploads.slots.accepted();
  } else {
    reply = registry.ask(request);
  }
  if (!reply.location.empty()) reply.location = registry.resolved(request.url, reply.location);
  return reply;
}

std::optional<BlobUpload::Result> send_blob(registry::Repository& registry, Uploads& uploads,
                                            const BlobToSend& blob) {
  const auto& digest = blob.descriptor.digest;
  const auto image = registry.host() + "/" + registry.path();
  BlobUpload upload{{digest, blob.descriptor.size, blob.mount_from},
                    uploads.abilities,
                    uploads.saved.load(image, digest),
                    uploads.clock.steady()};
  const Slice* bytes = nullptr;
  const auto abandon = [&] {
    if (!upload.location().empty() && (!uploads.saved.can_resume() || upload.offset() == 0))
      uploads.abandon(upload.location());
  };
  try {
    bool told = false;
    while (upload.step() != Step::done) {
      if (!asks_only(upload) && bytes == nullptr) bytes = blob.bytes();
      if (!asks_only(upload) && bytes == nullptr) {
        abandon();
        return std::nullopt;
      }
      const auto before = upload.state();
      const auto reply = perform_step(registry, uploads, upload, digest, bytes, blob.on_sent);
      const auto pause = upload.take(reply, uploads.clock.steady(), net::random_fraction());
      if (upload.offset() > 0 && upload.state() != before) uploads.saved.save(image, digest, upload.state());
      if (upload.resumed_at() > 0 && !told && blob.on_resumed) {
        told = true;
        blob.on_resumed(upload.resumed_at());
      }
      registry.wait(pause, reply.words);
    }
  } catch (...) {
    abandon();
    throw;
  }
  uploads.saved.erase(image, digest);
  return upload.result();
}

}  // namespace plugin::push
