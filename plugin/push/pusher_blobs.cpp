// SPDX-License-Identifier: Apache-2.0
// Pushes one blob: it is found at the registry, mounted, sent, or compressed and sent.
#include <atomic>
#include <optional>
#include <string_view>
#include <utility>

#include "base/interruption.hpp"
#include "net/gzip.hpp"
#include "output/units.hpp"
#include "push/background_digest.hpp"
#include "push/pusher.hpp"
#include "push/streamed_upload.hpp"

namespace plugin::push {

void Pusher::prepare_and_send(registry::ImageClient& registry, const Task& task) {
  auto& blob = *task.blob;
  if (blob.compress) {
    if (!send_known_blob(registry, task)) compress_and_send(task);
    return;
  }
  const bool has_digest = !blob.descriptor.digest.empty();
  if (!has_digest) blob.descriptor.digest = BackgroundDigest{blob.bytes, stop_}.get();
  std::optional<BackgroundDigest> digest;
  const auto bytes = [&] {
    if (blob.fetch) blob.bytes = blob.fetch();
    if (has_digest) digest.emplace(blob.bytes, stop_);
    return &blob.bytes;
  };
  const auto verify = [&] {
    if (digest) digest->require(blob.descriptor.digest, "the blob " + blob.descriptor.digest);
  };
  send(registry, task, blob.descriptor, bytes, verify);
  if (!blob.diff_id.empty()) known_.add(target_.host, blob.diff_id, blob.descriptor, target_.image());
}

/// Uses the blob that an earlier push compressed the layer to. False when the registry no longer has it.
bool Pusher::send_known_blob(registry::ImageClient& registry, const Task& task) {
  auto& blob = *task.blob;
  const auto known = known_.find(target_.host, blob.diff_id);
  if (!known || !known->descriptor.media_type.ends_with("gzip")) return false;
  auto descriptor = known->descriptor;
  descriptor.media_type = blob.descriptor.media_type;
  if (!send(registry, task, descriptor, [] { return nullptr; }, {})) return false;
  blob.descriptor = descriptor;
  known_.add(target_.host, blob.diff_id, descriptor, target_.image());
  return true;
}

/// Sends the layer while it is compressed. The digest is recorded before the upload is completed: if the
/// process is killed, the next push either finds the blob, or resumes the upload.
void Pusher::compress_and_send(const Task& task) {
  auto& blob = *task.blob;
  auto registry = std::make_unique<registry::ImageClient>(image_client(on_wait_of(task.row)));
  // The progress of compressing is shown until that is done.
  std::atomic<std::uint64_t> size{0};
  StreamedUpload streamed{environment_, uploads_, std::move(registry), blob.bytes.size(),
                          events_of(task.row, size)};
  BackgroundDigest digest{blob.bytes, stop_};
  const auto compressor = net::Compressor::make([&](std::string_view piece) { streamed.add(piece); });
  std::uint64_t done = 0;
  blob.bytes.for_each_piece([&](std::string_view piece) {
    if (stop_) throw base::Interrupted{};
    compressor->add(piece);
    done += piece.size();
    if (task.row) progress_.set_bytes(*task.row, "Compressing", done, blob.bytes.size());
  });
  compressor->end();
  digest.require(blob.diff_id, "the layer " + blob.diff_id);
  blob.descriptor.digest = streamed.end();
  blob.descriptor.size = size = streamed.size();
  known_.add(target_.host, blob.diff_id, blob.descriptor, target_.image());
  known_.save();
  streamed.store();
  if (task.row) progress_.set_status(*task.row, "Pushed", true);
}

/// Shows an upload of `size` bytes; its progress only when `size` is not 0.
UploadEvents Pusher::events_of(std::optional<std::size_t> row, const std::atomic<std::uint64_t>& size) {
  if (!row) return {};
  return {[this, row = *row, &size](std::uint64_t sent) {
            if (size > 0) progress_.set_bytes(row, "Pushing", sent, size);
          },
          [this, row = *row](std::uint64_t offset) {
            progress_.set_note(row, "resumed at " + output::human_size(offset));
          }};
}

std::function<void(const std::string&)> Pusher::on_wait_of(std::optional<std::size_t> row) {
  return [this, row](const std::string& reason) {
    if (row) return progress_.set_note(*row, reason);
    progress_.add_line(reason);
  };
}

std::string Pusher::mount_source(const Blob& blob, const std::string& digest) const {
  if (!blob.mount_from.empty()) return blob.mount_from;
  const auto known = blob.diff_id.empty() ? std::nullopt : known_.find(target_.host, blob.diff_id);
  if (!known || (!digest.empty() && known->descriptor.digest != digest)) return {};
  for (const auto& image : known->images) {
    if (image != target_.image() && image.starts_with(target_.host + "/"))
      return image.substr(target_.host.size() + 1);
  }
  return {};
}

/// False when neither the registry nor the source has the blob.
bool Pusher::send(registry::ImageClient& registry, const Task& task, const Descriptor& descriptor,
                  std::function<const Slice*()> bytes, std::function<void()> verify) {
  const std::atomic<std::uint64_t> size{descriptor.size};
  const BlobToSend blob{descriptor, mount_source(*task.blob, descriptor.digest), std::move(bytes),
                        std::move(verify), events_of(task.row, size)};
  const auto result = send_blob(registry, uploads_, blob);
  if (!result) return false;
  if (!task.row) return true;
  switch (*result) {
    case BlobUpload::Result::exists:
      progress_.set_status(*task.row, "Layer already exists", true);
      break;
    case BlobUpload::Result::mounted:
      progress_.set_status(*task.row, "Mounted from " + blob.mount_from, true);
      break;
    case BlobUpload::Result::uploaded:
      progress_.set_status(*task.row, "Pushed", true);
      break;
  }
  return true;
}

}  // namespace plugin::push
