// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/environment.hpp"
#include "net/crypto.hpp"
#include "push/files.hpp"
#include "push/send_blob.hpp"
#include "registry/image_client.hpp"

namespace plugin::push {

/// A blob that is uploaded while its bytes are still arriving, from a client or a compressor. They are
/// spooled, and a thread uploads them from there, so that their source is not affected by a broken connection
/// or a new login. An upload that was interrupted is identified by its bytes: a later process that is given
/// the same ones continues it.
class StreamedUpload {
public:
  /// How far the bytes may be ahead of the registry.
  static constexpr std::uint64_t max_lead = 64U << 20;

  /// Throws `config` when there are less than `expected_size` bytes for the spool file.
  StreamedUpload(const base::Environment&, UploadContext&, std::unique_ptr<registry::ImageClient>,
                 std::uint64_t expected_size = 0, UploadEvents events = {});
  /// Abandons the upload unless it is finished.
  ~StreamedUpload();
  StreamedUpload(const StreamedUpload&) = delete;
  StreamedUpload& operator=(const StreamedUpload&) = delete;

  /// Adds bytes. Waits while they are too far ahead. Throws what the upload has thrown, `config` for a full
  /// disk, and `Interrupted`.
  void add(std::string_view bytes);
  std::uint64_t size() const;
  /// Ends the bytes, and returns their digest.
  std::string end();
  /// Waits until the registry has the blob; to be called after `end`. Throws like `add`.
  void store();

private:
  void upload();
  /// Waits for the first bytes, and returns the upload of the same bytes by an earlier process.
  std::optional<UploadState> earlier_upload();
  bool wait_until_spooled(std::uint64_t size);
  std::string sample_before(std::uint64_t offset) const;
  /// Waits for the bytes that the next step needs; false when the upload was abandoned.
  bool wait_for_bytes(BlobUpload&);
  void check() const;

  UploadContext& uploads_;
  std::unique_ptr<registry::ImageClient> registry_;
  std::string image_;
  UploadEvents events_;
  Spool spool_;
  net::Sha256 sum_;
  std::string name_;  ///< under which the state of the upload is saved; empty: it is not
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t spooled_ = 0;
  std::uint64_t max_spooled_ = max_lead;  ///< `add` waits beyond this
  std::string digest_;                    ///< set by `end`
  bool may_end_ = false;                  ///< set by `store`: the upload may be completed
  bool is_abandoned_ = false;
  bool is_done_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::push
