// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "registry/retry_state.hpp"

namespace plugin::push {

/// What a registry supports, as far as this run has seen; shared by all uploads to it.
struct RegistryAbilities {
  static constexpr std::uint64_t default_chunk = 16U << 20;
  static constexpr std::uint64_t max_chunk = 64U << 20;
  static constexpr std::uint64_t min_chunk = 1U << 20;

  std::atomic<bool> accepts_chunks{true};
  std::atomic<std::uint64_t> chunk_size{default_chunk};
  std::atomic<std::uint64_t> max_accepted_chunk{max_chunk};  ///< the registry has refused larger ones
};

/// How far an upload is, saved for a later run.
struct UploadState {
  std::string location;      ///< the URL of the upload session
  std::uint64_t offset = 0;  ///< bytes that the registry has
  /// Digest of the last of these bytes, to recognize them; empty for a blob whose digest is known.
  std::string sample = {};

  bool operator==(const UploadState&) const = default;
};

/// The upload of one blob, as a state machine: `step` says which request is next, `on_reply` takes its reply.
/// It uses no connection, clock or file, so that a test needs one row for each failure.
///
/// HEAD, then POST (perhaps with a mount), then PATCH for each chunk, whose `Range` is compared with what was
/// sent, then PUT; HEAD again when the reply to PUT was lost (distribution specification, "Pushing blobs").
/// After a broken connection a GET of the upload session tells how much the registry has. If the registry
/// refuses chunks, the upload is monolithic: POST, then one PUT. Chunks become larger on a fast connection,
/// and smaller when they take long or are cut off.
///
/// A blob without a digest is still arriving: its upload begins with POST, or with the session of an earlier
/// run; `grow` sets how many bytes there are, and `complete` the digest. A chunk is sent as soon as all its
/// bytes are there.
class BlobUpload {
public:
  enum class Step { head, post, patch, status, put, put_monolithic, done };
  enum class Result { uploaded, exists, mounted };
  struct Blob {
    std::string digest;  ///< empty while the bytes are still arriving
    std::uint64_t size = 0;
    std::string mount_from;  ///< another image name at the registry that has it; may be empty
  };
  using Time = registry::RetryState::Time;
  using Backoff = registry::RetryState::Backoff;

  BlobUpload(Blob, RegistryAbilities&, std::optional<UploadState> saved, Time now);

  Step step() const noexcept { return step_; }
  /// Where the next chunk begins; for `put_monolithic`, all bytes are sent.
  std::uint64_t offset() const noexcept { return state_.offset; }
  std::uint64_t length() const;
  /// The size of the next chunk, if there are enough bytes.
  std::uint64_t chunk_size() const;
  /// `available` bytes of the blob have arrived.
  void grow(std::uint64_t available) { blob_.size = available; }
  /// All bytes have arrived, and have this digest.
  void complete(const std::string& digest);
  /// Empty until it is known.
  const std::string& digest() const noexcept { return blob_.digest; }
  /// The URL of the upload session, for every step but `head` and `post`. Empty while there is none.
  const std::string& location() const noexcept { return state_.location; }
  /// The image name to mount from with this `post`; empty for one without a mount.
  std::string mount_from() const { return tried_mount_ ? "" : blob_.mount_from; }
  const UploadState& state() const noexcept { return state_; }
  Result result() const noexcept { return result_; }
  /// How many bytes of an earlier run's upload the registry had; 0 if there was none.
  std::uint64_t resumed_at() const noexcept { return resumed_at_; }

  /// Handles the reply to `step()`, whose location must be absolute, and returns how long to wait before the
  /// next step. Throws `denied` and `network` when the upload has failed.
  Backoff on_reply(const registry::Reply&, Time now, double random);

private:
  Backoff on_head_reply(const registry::Reply&);
  Backoff on_post_reply(const registry::Reply&);
  Backoff on_patch_reply(const registry::Reply&);
  void adapt_chunk_size(std::uint64_t sent);
  Backoff on_status_reply(const registry::Reply&);
  Backoff on_put_reply(const registry::Reply&);
  Backoff next_retry(const registry::Reply&);
  void advance_to(std::uint64_t offset);
  void start_over();
  void start_over_or_go_monolithic();
  void go_monolithic();
  void finish(Result);

  Blob blob_;
  RegistryAbilities& abilities_;
  UploadState state_;
  Step step_ = Step::head;
  Result result_ = Result::uploaded;
  registry::RetryState retry_state_;
  Time now_;
  Time sent_at_;  ///< when the current request was sent
  double random_ = 0;
  int fast_chunks_ = 0;           ///< in a row
  std::uint64_t min_chunk_ = 0;   ///< the minimum of this registry
  std::uint64_t max_offset_ = 0;  ///< the largest offset of any session of this blob
  std::uint64_t resumed_at_ = 0;
  bool is_saved_ = false;            ///< the session is of an earlier run
  int unanswered_ = 0;               ///< questions about that session that got no response
  bool put_reply_was_lost_ = false;  ///< HEAD shows whether it succeeded
  bool tried_mount_ = false;
  bool distrusts_chunks_ = false;  ///< a chunked upload had another digest in the end
  int mismatches_ = 0;             ///< consecutive replies to PATCH that do not match what was sent
};

}  // namespace plugin::push
