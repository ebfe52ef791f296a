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
#include "registry/repository.hpp"

namespace plugin::push {

/// What all uploads to one registry share.
class Uploads {
public:
  /// `parallel`: how many request bodies are in flight at once. Waits end with `Interrupted` when `stop`
  /// becomes true.
  Uploads(const base::Environment& environment, base::Clock& run_clock, const std::atomic<bool>& run_stop,
          std::size_t parallel, bool resume)
      : clock(run_clock), stop(run_stop), saved(environment, resume), slots(parallel) {}

  base::Clock& clock;
  const std::atomic<bool>& stop;
  SavedUploads saved;
  UploadSlots slots;
  Abilities abilities;

  /// Takes the name for an upload of this process; empty when another one has it, which has the same
  /// beginning.
  std::string claim(const std::string& name);
  void release(const std::string& name);
  /// This process does not continue the upload to the image name `path`; neither does a later one unless its
  /// state was saved under `saved_as`.
  void give_up(const std::string& path, const BlobUpload&, const std::string& saved_as);
  /// How an image name is reached. `may_delete`: with a token that the registry lets delete something.
  using Open = std::function<std::unique_ptr<registry::Repository>(const std::string& path, bool may_delete)>;
  /// Deletes the abandoned upload sessions at the registry, as long as it answers. Failures are ignored: it
  /// forgets them by itself, later.
  void delete_abandoned(const Open&);

private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> abandoned_;  ///< locations by path
  std::set<std::string> claimed_;
};

/// Who is told how an upload goes, from its thread. Each may be empty.
struct UploadEvents {
  std::function<void(std::uint64_t sent)> on_sent = {};
  std::function<void(std::uint64_t offset)> on_resumed = {};  ///< what an earlier process has sent
};

/// One blob that the registry is to have.
struct BlobToSend {
  Descriptor descriptor;
  std::string mount_from;  ///< another image name at the registry that has it; empty for none
  /// Returns the bytes when they are needed, which may take long; null when they are not available.
  std::function<const Slice*()> bytes;
  /// Returns when it is certain that these bytes are the blob, else throws; called before the registry is
  /// told that they are complete.
  std::function<void()> verify;
  UploadEvents events;
};

/// The next step of an upload: its request, for which it waits for a slot when there is a body; what the
/// answer means; the state for a later process, saved under `saved_as` unless that is empty; and the wait
/// before the step after it. `bytes` are those of the blob from its beginning.
struct StepOptions {
  std::string saved_as;
  const UploadEvents& events;
};
void advance(registry::Repository&, Uploads&, BlobUpload&, const Slice* bytes, const StepOptions&);

/// Sends a blob, continuing after failures, and returns whether it was uploaded, mounted or already there;
/// absent when neither the registry nor the source has it. Throws as `registry::Persistence`, and
/// `Interrupted`.
std::optional<BlobUpload::Result> send_blob(registry::Repository&, Uploads&, const BlobToSend&);

}  // namespace plugin::push
