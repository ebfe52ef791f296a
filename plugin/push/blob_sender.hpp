// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "push/blob_upload.hpp"
#include "push/image.hpp"
#include "push/saved_uploads.hpp"
#include "push/upload_slots.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

/// What all uploads to one registry share.
class Uploads {
public:
  /// `parallel`: how many bodies are on their way at once. Waits end with `Interrupted` when `stop` becomes
  /// true.
  Uploads(const base::Environment& environment, base::Clock& run_clock, const std::atomic<bool>& run_stop,
          std::size_t parallel, bool resume)
      : clock(run_clock), stop(run_stop), saved(environment, resume), slots(parallel) {}

  base::Clock& clock;
  const std::atomic<bool>& stop;
  SavedUploads saved;
  UploadSlots slots;
  Abilities abilities;

  /// This upload session will not be continued.
  void abandon(const std::string& location);
  /// Deletes the abandoned upload sessions at the registry. Failures are ignored.
  void delete_abandoned(registry::Repository&);

private:
  std::mutex mutex_;
  std::vector<std::string> abandoned_;
};

/// One blob that the registry is to have.
struct BlobToSend {
  Descriptor descriptor;
  std::string mount_from;  ///< another image name at the registry that has it; empty for none
  /// Returns the bytes when they are needed, which may take long; null when they are not available.
  std::function<const Slice*()> bytes;
  std::function<void(std::uint64_t sent)> on_sent;
  std::function<void(std::uint64_t offset)> on_resumed;
};

/// The request of an upload's next step, with its answer; `offset` of the body is that of the upload.
/// Waits for a slot when there is a body.
registry::Reply perform_step(registry::Repository&, Uploads&, const BlobUpload&, const std::string& digest,
                             const Slice* bytes, const std::function<void(std::uint64_t)>& on_sent);

/// Sends a blob, continuing after failures, and returns whether it was uploaded, mounted or already there;
/// absent when neither the registry nor the source has it. Throws as `registry::Persistence`, and
/// `Interrupted`.
std::optional<BlobUpload::Result> send_blob(registry::Repository&, Uploads&, const BlobToSend&);

}  // namespace plugin::push
