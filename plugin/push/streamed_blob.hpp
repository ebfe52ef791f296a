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
#include "push/blob_sender.hpp"
#include "push/files.hpp"
#include "registry/repository.hpp"

namespace plugin::push {

/// A blob that is uploaded while its bytes are still being made: by a client that sends them, or by a
/// compressor. They are spooled, and uploaded from there in a thread, so that a broken connection or a new
/// login costs who makes them nothing. An upload that ends early is found again by its bytes: when a later
/// process is given the same ones, it continues.
class StreamedBlob {
public:
  /// How far the bytes may be ahead of the registry.
  static constexpr std::uint64_t max_lead = 64U << 20;

  struct Options {
    std::uint64_t expected_size = 0;  ///< how much space is asked for before
    UploadEvents events = {};
  };

  /// Throws `config` when there is not enough space.
  StreamedBlob(const base::Environment&, Uploads&, std::unique_ptr<registry::Repository>, Options);
  /// Gives the upload up unless it was finished.
  ~StreamedBlob();
  StreamedBlob(const StreamedBlob&) = delete;
  StreamedBlob& operator=(const StreamedBlob&) = delete;

  /// More bytes. Waits while they are too far ahead. Throws what the upload has thrown, `config` for a full
  /// disk, and `Interrupted`.
  void add(std::string_view bytes);
  std::uint64_t size() const;
  /// There are no more bytes. Returns their digest.
  std::string end();
  /// Returns when the registry has the blob, after `end`. Throws as `add`.
  void store();

private:
  void upload();
  /// Waits for the beginning of the bytes, and says how far an earlier process has sent them.
  std::optional<UploadState> earlier_upload();
  bool wait_until_spooled(std::uint64_t size);
  std::string sample_before(std::uint64_t offset) const;
  /// Waits until the next step has what it needs; false when the upload was given up.
  bool wait_for_bytes(BlobUpload&);
  void check() const;

  Uploads& uploads_;
  std::unique_ptr<registry::Repository> registry_;
  std::string image_;
  Options options_;
  Spool spool_;
  net::Sha256 sum_;
  std::string name_;  ///< what the state of the upload is saved under; empty as long as it is not
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t spooled_ = 0;
  std::uint64_t max_spooled_ = max_lead;  ///< before the next step
  std::string digest_;                    ///< when there are no more bytes
  bool may_end_ = false;                  ///< the blob may be completed
  bool is_given_up_ = false;
  bool is_done_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::push
