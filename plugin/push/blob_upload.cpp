// SPDX-License-Identifier: Apache-2.0
#include "push/blob_upload.hpp"

#include <algorithm>
#include <utility>

namespace plugin::push {

using base::Error;
using base::Kind;
using registry::Persistence;
using registry::Reply;
using namespace std::chrono_literals;

namespace {

constexpr int max_mismatches = 2;
/// Requests take seconds, not minutes: proxies that cut long ones leave them alone, and little is resent.
constexpr auto fast_chunk = 2s;
constexpr auto slow_chunk = 20s;
constexpr int fast_chunks_to_grow = 2;

bool is_session_unknown(const Reply& reply) {
  return reply.status == 404 || (reply.status == 400 && reply.code.starts_with("BLOB_UPLOAD_"));
}

}  // namespace

BlobUpload::BlobUpload(Blob blob, Abilities& abilities, std::optional<UploadState> saved, Time now)
    : blob_(std::move(blob)), abilities_(abilities), persistence_(now), now_(now), asked_at_(now) {
  const bool is_growing = blob_.digest.empty();
  if (is_growing) step_ = Step::post;
  if (!saved || saved->location.empty() || (!is_growing && saved->offset > blob_.size)) return;
  state_ = {saved->location, saved->offset, {}};
  is_saved_ = true;
  if (is_growing) step_ = Step::status;
}

std::uint64_t BlobUpload::length() const {
  if (step_ == Step::put_whole) return blob_.size;
  return std::min(chunk_size(), blob_.size - state_.offset);
}

std::uint64_t BlobUpload::chunk_size() const { return std::max<std::uint64_t>(abilities_.chunk, min_chunk_); }

void BlobUpload::complete(const std::string& digest) {
  blob_.digest = digest;
  // An upload of an earlier process, of other bytes.
  if (step_ == Step::patch && state_.offset > blob_.size) begin_again();
  if (step_ == Step::patch && state_.offset == blob_.size) step_ = Step::put;
}

BlobUpload::Pause BlobUpload::take(const Reply& reply, Time now, double random) {
  now_ = now;
  random_ = random;
  if (reply.status / 100 == 2) persistence_.accepted();
  Pause pause;
  switch (step_) {
    case Step::head:
      pause = take_head(reply);
      break;
    case Step::post:
      pause = take_post(reply);
      break;
    case Step::patch:
      pause = take_patch(reply);
      break;
    case Step::status:
      pause = take_status(reply);
      break;
    case Step::put:
    case Step::put_whole:
      pause = take_put(reply);
      break;
    case Step::done:
      break;
  }
  asked_at_ = now + pause.wait;
  return pause;
}

BlobUpload::Pause BlobUpload::take_head(const Reply& reply) {
  if (reply.status / 100 == 2) {
    end(put_was_lost_ ? Result::uploaded : Result::exists);
    return {};
  }
  // A question without an answer is asked again: only "not found" means that the blob is not there.
  if (Persistence::may_pass(reply) || reply.is_final || reply.status == 403) return trouble(reply);
  if (put_was_lost_ || is_saved_) {
    step_ = state_.location.empty() ? Step::post : Step::status;
  } else {
    step_ = Step::post;
  }
  put_was_lost_ = false;
  return {};
}

BlobUpload::Pause BlobUpload::take_post(const Reply& reply) {
  if (reply.status == 201 && !mount_from().empty()) {
    end(Result::mounted);
    return {};
  }
  if (reply.status == 202 && !reply.location.empty()) {
    tried_mount_ = true;
    state_ = {reply.location, 0, {}};
    min_chunk_ = reply.min_chunk;
    step_ = abilities_.chunks && !distrusts_chunks_ ? Step::patch : Step::put_whole;
    if (step_ == Step::patch && blob_.size == 0 && !blob_.digest.empty()) step_ = Step::put;
    return {};
  }
  if (!mount_from().empty() && (!Persistence::may_pass(reply) || reply.insufficient_scope)) {
    // Perhaps the role may only not read the other image.
    tried_mount_ = true;
    return {};
  }
  return trouble(reply);
}

BlobUpload::Pause BlobUpload::take_patch(const Reply& reply) {
  const auto end_of_chunk = state_.offset + length();
  if (reply.status / 100 == 2) {
    if (!reply.location.empty()) state_.location = reply.location;
    const auto received = reply.received.value_or(end_of_chunk);
    if (received > state_.offset && received <= end_of_chunk) {
      mismatches_ = 0;
      adapt_chunk(received - state_.offset);
      advance_to(received);
    } else if (received == state_.offset || (received == 0 && length() > 1)) {
      use_one_body();  // it accepts the request and stores nothing
    } else {
      begin_again_or_use_one_body();  // it has something other than what was sent
    }
    return {};
  }
  if (is_session_unknown(reply)) {
    begin_again_or_use_one_body();
    return {};
  }
  switch (reply.status) {
    case 416:
      if (++mismatches_ > max_mismatches) {
        use_one_body();
      } else {
        step_ = Step::status;
      }
      return {};
    case 400:
    case 413:
      if (length() > Abilities::min_chunk && abilities_.chunk > Abilities::min_chunk) {
        abilities_.chunk = abilities_.ceiling = std::max(abilities_.chunk / 2, Abilities::min_chunk);
      } else {
        use_one_body();
      }
      return {};
    case 405:
    case 411:
    case 415:
    case 501:
      use_one_body();
      return {};
    default:
      break;
  }
  const auto pause = trouble(reply);
  // A refused token is refused before the body is read; after anything else some of it may be there.
  if (reply.status != 401 && reply.status != 429) {
    step_ = Step::status;
    // Whatever breaks the connection may do so after this many bytes.
    if (reply.status == 0) abilities_.chunk = std::max(abilities_.chunk / 2, Abilities::min_chunk);
  }
  return pause;
}

void BlobUpload::adapt_chunk(std::uint64_t sent) {
  const std::uint64_t chunk = abilities_.chunk;
  const auto took = now_ - asked_at_;
  if (took > slow_chunk) {
    fast_chunks_ = 0;
    abilities_.chunk = std::max(chunk / 2, Abilities::min_chunk);
  } else if (chunk < Abilities::default_chunk) {
    abilities_.chunk = std::min<std::uint64_t>({chunk * 2, Abilities::default_chunk, abilities_.ceiling});
  } else if (took > fast_chunk || sent < chunk) {
    fast_chunks_ = 0;
  } else if (++fast_chunks_ == fast_chunks_to_grow) {
    fast_chunks_ = 0;
    abilities_.chunk = std::min<std::uint64_t>({chunk * 2, Abilities::max_chunk, abilities_.ceiling});
  }
}

BlobUpload::Pause BlobUpload::take_status(const Reply& reply) {
  if (Persistence::may_pass(reply) || reply.is_final || reply.status == 403) return trouble(reply);
  const bool is_too_much = !blob_.digest.empty() && reply.received && *reply.received > blob_.size;
  if (reply.status / 100 != 2 || !reply.received || is_too_much) {
    begin_again();
    return {};
  }
  if (!reply.location.empty()) state_.location = reply.location;
  if (std::exchange(is_saved_, false)) resumed_at_ = *reply.received;
  state_.offset = 0;
  advance_to(*reply.received);
  return {};
}

BlobUpload::Pause BlobUpload::take_put(const Reply& reply) {
  if (reply.status / 100 == 2) {
    end(Result::uploaded);
    return {};
  }
  const bool was_whole = step_ == Step::put_whole;
  if (reply.code == "DIGEST_INVALID" || reply.code == "SIZE_INVALID") {
    if (was_whole) {
      throw Error(Kind::network, "the registry received other bytes than were sent: " + reply.words,
                  "try again; look for a proxy that changes what it forwards");
    }
    distrusts_chunks_ = true;
    begin_again();
    return {};
  }
  if (is_session_unknown(reply) || reply.status == 416) {
    // The session may be gone because an earlier PUT succeeded and its answer was lost.
    put_was_lost_ = true;
    state_ = {};
    step_ = Step::head;
    return persistence_.after(Reply{}, now_, random_, "store the layer");
  }
  const auto pause = trouble(reply);
  if (reply.status != 401 && reply.status != 429) {
    put_was_lost_ = true;
    step_ = Step::head;
    if (was_whole) state_ = {};
  }
  return pause;
}

BlobUpload::Pause BlobUpload::trouble(const Reply& reply) {
  return persistence_.after(reply, now_, random_,
                            blob_.digest.empty() ? "upload a layer" : "upload the layer " + blob_.digest);
}

void BlobUpload::advance_to(std::uint64_t offset) {
  if (offset > high_water_) {
    high_water_ = offset;
    persistence_.progress();
  }
  state_.offset = offset;
  step_ = offset == blob_.size && !blob_.digest.empty() ? Step::put : Step::patch;
}

void BlobUpload::begin_again() {
  state_ = {};
  is_saved_ = false;
  step_ = Step::post;
}

void BlobUpload::begin_again_or_use_one_body() {
  if (++mismatches_ > max_mismatches) return use_one_body();
  begin_again();
}

void BlobUpload::use_one_body() {
  abilities_.chunks = false;
  begin_again();
}

void BlobUpload::end(Result result) {
  result_ = result;
  state_ = {};
  step_ = Step::done;
}

}  // namespace plugin::push
