// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "registry/persistence.hpp"

namespace plugin::push {

/// What a registry can do, as far as this run has seen; shared by all uploads to it.
struct Abilities {
  static constexpr std::uint64_t default_chunk = 16U << 20;
  static constexpr std::uint64_t max_chunk = 64U << 20;
  static constexpr std::uint64_t min_chunk = 1U << 20;

  std::atomic<bool> chunks{true};
  std::atomic<std::uint64_t> chunk{default_chunk};
  std::atomic<std::uint64_t> ceiling{max_chunk};  ///< the registry refused what is larger
};

/// How far an upload is, for a later run.
struct UploadState {
  std::string location;      ///< the URL of the upload session
  std::uint64_t offset = 0;  ///< bytes that the registry has
  /// Digest of the last of these bytes, to know them again; empty for a blob whose digest is known.
  std::string sample = {};

  bool operator==(const UploadState&) const = default;
};

/// The upload of one blob, as a state machine: it says what to ask, and is told the answer. It knows nothing
/// of connections, clocks and files, so that a test needs one row for each fault.
///
/// HEAD, then POST (perhaps with a mount), then PATCH for each chunk, whose `Range` is compared with what was
/// sent, then PUT; HEAD again when the answer to PUT was lost (distribution specification, "Pushing blobs").
/// After a broken connection the registry is asked how much it has. A registry that refuses chunks gets the
/// blob as the body of one PUT. Chunks become larger on a fast connection, and smaller when they take long or
/// are cut.
///
/// The bytes of a blob without a digest are still arriving: it begins with POST, or by asking where an
/// earlier upload is, `grow` says how many bytes there are, and `complete` names the digest. A chunk is sent
/// when there are enough bytes for it.
class BlobUpload {
public:
  enum class Step { head, post, patch, status, put, put_whole, done };
  enum class Result { uploaded, exists, mounted };
  struct Blob {
    std::string digest;  ///< empty while the bytes are still arriving
    std::uint64_t size = 0;
    std::string mount_from;  ///< another image name of the registry that has it; empty for none
  };
  using Time = registry::Persistence::Time;
  using Pause = registry::Persistence::Pause;

  BlobUpload(Blob, Abilities&, std::optional<UploadState> saved, Time now);

  Step step() const noexcept { return step_; }
  /// Of `patch`: what to send. Of `put_whole`: everything.
  std::uint64_t offset() const noexcept { return state_.offset; }
  std::uint64_t length() const;
  /// The size of the next chunk when there are enough bytes for it.
  std::uint64_t chunk_size() const;
  /// There are `available` bytes by now.
  void grow(std::uint64_t available) { blob_.size = available; }
  /// There are no more bytes than `grow` said last, and they have this digest.
  void complete(const std::string& digest);
  /// Empty while it is not known.
  const std::string& digest() const noexcept { return blob_.digest; }
  /// The upload session, for every step but `head` and `post`. Empty while there is none.
  const std::string& location() const noexcept { return state_.location; }
  /// The image name to mount from with this `post`; empty for an ordinary one.
  std::string mount_from() const { return tried_mount_ ? "" : blob_.mount_from; }
  const UploadState& state() const noexcept { return state_; }
  Result result() const noexcept { return result_; }
  /// How many bytes the registry said it had when an earlier upload was continued.
  std::uint64_t resumed_at() const noexcept { return resumed_at_; }

  /// Takes the answer to `step()`, with its Location made absolute, and returns what to do before the next.
  /// Throws `denied` and `network` when there is no next.
  Pause take(const registry::Reply&, Time now, double random);

private:
  Pause take_head(const registry::Reply&);
  Pause take_post(const registry::Reply&);
  Pause take_patch(const registry::Reply&);
  void adapt_chunk(std::uint64_t sent);
  Pause take_status(const registry::Reply&);
  Pause take_put(const registry::Reply&);
  Pause trouble(const registry::Reply&);
  void advance_to(std::uint64_t offset);
  void begin_again();
  void begin_again_or_use_one_body();
  void use_one_body();
  void end(Result);

  Blob blob_;
  Abilities& abilities_;
  UploadState state_;
  Step step_ = Step::head;
  Result result_ = Result::uploaded;
  registry::Persistence persistence_;
  Time now_;
  Time asked_at_;  ///< when the current request was sent
  double random_ = 0;
  int fast_chunks_ = 0;           ///< in a row
  std::uint64_t min_chunk_ = 0;   ///< the minimum of this registry
  std::uint64_t high_water_ = 0;  ///< most bytes that any session of this blob has had
  std::uint64_t resumed_at_ = 0;
  bool is_saved_ = false;      ///< the session is of an earlier run
  bool put_was_lost_ = false;  ///< HEAD shows whether it succeeded
  bool tried_mount_ = false;
  bool distrusts_chunks_ = false;  ///< a chunked upload ended with another digest
  int mismatches_ = 0;             ///< consecutive answers to PATCH that made no sense
};

}  // namespace plugin::push
