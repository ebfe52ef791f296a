// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "push/blob_upload.hpp"
#include "push/image.hpp"
#include "push/saved_uploads.hpp"
#include "push/upload_slots.hpp"
#include "registry/image_client.hpp"

namespace plugin::push {

/// What all uploads to one registry share.
class UploadContext {
public:
  /// `parallel`: how many request bodies may be in flight at once. Waits end with `Interrupted` when `stop`
  /// becomes true.
  UploadContext(const base::Environment& environment, base::Clock& run_clock,
                const std::atomic<bool>& run_stop, std::size_t parallel, bool resume)
      : clock(run_clock),
        stop(run_stop),
        saved(environment, resume),
        slots(parallel),
        environment_(environment) {}

  base::Clock& clock;
  const std::atomic<bool>& stop;
  SavedUploads saved;
  UploadSlots slots;
  RegistryAbilities abilities;

  /// Claims the name of a saved upload. Empty when another upload of this process, with the same first bytes,
  /// has it.
  std::string claim(const std::string& name);
  void release(const std::string& name);
  /// This process does not continue the upload to the image name `path`. A later one does if its state was
  /// saved under `saved_as`; otherwise `delete_abandoned` deletes the session.
  void abandon(const std::string& path, const BlobUpload&, const std::string& saved_as);
  /// Returns the bearer token for an image name. `may_delete`: its scope must include deleting.
  using Authorize = std::function<registry::Authorization&(const std::string& path, bool may_delete)>;
  /// Deletes the abandoned upload sessions at the registry, as long as it responds. Failures are ignored:
  /// registries delete old sessions themselves.
  void delete_abandoned(const Authorize&);

private:
  const base::Environment& environment_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> abandoned_;  ///< URLs of sessions by path
  std::set<std::string> claimed_;
};

/// What an upload calls from its thread. Each may be empty.
struct UploadEvents {
  std::function<void(std::uint64_t sent)> on_sent = {};
  std::function<void(std::uint64_t offset)> on_resumed = {};  ///< where an earlier process stopped
};

/// A blob to upload.
struct BlobToSend {
  Descriptor descriptor;
  std::string mount_from;  ///< another image name at the registry that has it; may be empty
  /// Called when the bytes are needed; may take long. Returns null when they are not available.
  std::function<const Slice*()> bytes;
  /// Throws unless the bytes have the blob's digest; called before the upload is completed.
  std::function<void()> verify;
  UploadEvents events;
};

/// Performs the next step of an upload: sends its request, with a slot if there is a body, handles the reply,
/// saves the state, and waits before a retry. `bytes` are those of the blob from its beginning. `saved_as` is
/// the name under which the state is saved for a later process; empty: it is not.
void perform_next_step(registry::ImageClient&, UploadContext&, BlobUpload&, const Slice* bytes,
                       const UploadEvents&, const std::string& saved_as = {});

/// Uploads a blob, continuing after failures, and returns whether it was uploaded, mounted or already there;
/// absent when neither the registry nor the source has it. Throws like `registry::RetryState`, and
/// `Interrupted`.
std::optional<BlobUpload::Result> send_blob(registry::ImageClient&, UploadContext&, const BlobToSend&);

}  // namespace plugin::push
