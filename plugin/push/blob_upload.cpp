// SPDX-License-Identifier: Apache-2.0
#include "push/blob_upload.hpp"

#include <algorithm>
#include <utility>

namespace plugin::push {

using base::Error;
using base::Kind;
using registry::Reply;
using namespace std::chrono_literals;

namespace {

constexpr int max_mismatches = 2;
constexpr int max_unanswered = 3;
/// Requests take seconds, not minutes, so that proxies do not cut them off, and little is sent again.
constexpr auto fast_chunk = 2s;
constexpr auto slow_chunk = 20s;
constexpr int fast_chunks_to_grow = 2;

bool is_session_unknown(const Reply& reply) {
  return reply.status == 404 || (reply.status == 400 && reply.code.starts_with("BLOB_UPLOAD_"));
}

}  // namespace

BlobUpload::BlobUpload(Blob blob, RegistryAbilities& abilities, std::optional<UploadState> saved, Time now)
    : blob_(std::move(blob)), abilities_(abilities), retry_state_(now), now_(now), sent_at_(now) {
  const bool is_growing = blob_.digest.empty();
  if (is_growing) step_ = Step::post;
  if (!saved || saved->location.empty() || (!is_growing && saved->offset > blob_.size)) return;
  state_ = {saved->location, saved->offset, {}};
  is_saved_ = true;
  if (is_growing) step_ = Step::status;
}

std::uint64_t BlobUpload::length() const {
  if (step_ == Step::put_monolithic) return blob_.size;
  return std::min(chunk_size(), blob_.size - state_.offset);
}

std::uint64_t BlobUpload::chunk_size() const {
  return std::max<std::uint64_t>(abilities_.chunk_size, min_chunk_);
}

void BlobUpload::complete(const std::string& digest) {
  blob_.digest = digest;
  // The session of an earlier process, with other bytes.
  if (step_ == Step::patch && state_.offset > blob_.size) start_over();
  if (step_ == Step::patch && state_.offset == blob_.size) step_ = Step::put;
}

BlobUpload::Backoff BlobUpload::on_reply(const Reply& reply, Time now, double random) {
  now_ = now;
  random_ = random;
  if (reply.status / 100 == 2) retry_state_.token_accepted();
  Backoff backoff;
  switch (step_) {
    case Step::head:
      backoff = on_head_reply(reply);
      break;
    case Step::post:
      backoff = on_post_reply(reply);
      break;
    case Step::patch:
      backoff = on_patch_reply(reply);
      break;
    case Step::status:
      backoff = on_status_reply(reply);
      break;
    case Step::put:
    case Step::put_monolithic:
      backoff = on_put_reply(reply);
      break;
    case Step::done:
      break;
  }
  sent_at_ = now + backoff.wait;
  return backoff;
}

BlobUpload::Backoff BlobUpload::on_head_reply(const Reply& reply) {
  if (reply.status / 100 == 2) {
    finish(put_reply_was_lost_ ? Result::uploaded : Result::exists);
    return {};
  }
  // No response says nothing about the blob: only "not found" means that it is not there. But an upload does
  // not need the storage that the registry redirected to.
  const bool is_unclear = reply.may_retry() || reply.is_final || reply.status == 403;
  if (is_unclear && !reply.is_elsewhere) return next_retry(reply);
  step_ = state_.location.empty() ? Step::post : Step::status;
  put_reply_was_lost_ = false;
  return {};
}

BlobUpload::Backoff BlobUpload::on_post_reply(const Reply& reply) {
  if (reply.status == 201 && !mount_from().empty()) {
    finish(Result::mounted);
    return {};
  }
  if (reply.status == 202 && !reply.location.empty()) {
    tried_mount_ = true;
    state_ = {reply.location, 0, {}};
    min_chunk_ = reply.min_chunk;
    step_ = abilities_.accepts_chunks && !distrusts_chunks_ ? Step::patch : Step::put_monolithic;
    if (step_ == Step::patch && blob_.size == 0 && !blob_.digest.empty()) step_ = Step::put;
    return {};
  }
  if (!mount_from().empty() && (!reply.may_retry() || reply.insufficient_scope)) {
    // The role may not be allowed to read the other image.
    tried_mount_ = true;
    return {};
  }
  return next_retry(reply);
}

BlobUpload::Backoff BlobUpload::on_patch_reply(const Reply& reply) {
  const auto end_of_chunk = state_.offset + length();
  if (reply.status / 100 == 2) {
    if (!reply.location.empty()) state_.location = reply.location;
    const auto received = reply.received.value_or(end_of_chunk);
    if (received > state_.offset && received <= end_of_chunk) {
      mismatches_ = 0;
      adapt_chunk_size(received - state_.offset);
      advance_to(received);
    } else if (received == state_.offset || (received == 0 && length() > 1)) {
      go_monolithic();  // it accepted the request and stored nothing
    } else {
      start_over_or_go_monolithic();  // it has something different from what was sent
    }
    return {};
  }
  if (is_session_unknown(reply)) {
    start_over_or_go_monolithic();
    return {};
  }
  switch (reply.status) {
    case 416:
      if (++mismatches_ > max_mismatches) {
        go_monolithic();
      } else {
        step_ = Step::status;
      }
      return {};
    case 400:
    case 413:
      if (length() > RegistryAbilities::min_chunk && abilities_.chunk_size > RegistryAbilities::min_chunk) {
        abilities_.chunk_size = abilities_.max_accepted_chunk =
            std::max(abilities_.chunk_size / 2, RegistryAbilities::min_chunk);
      } else {
        go_monolithic();
      }
      return {};
    case 405:
    case 411:
    case 415:
    case 501:
      go_monolithic();
      return {};
    default:
      break;
  }
  const auto backoff = next_retry(reply);
  // A token is refused before the body is read; after any other failure the registry may have a part of it.
  if (reply.status != 401 && reply.status != 429) {
    step_ = Step::status;
    // Something may break connections after a certain number of bytes.
    if (reply.status == 0)
      abilities_.chunk_size = std::max(abilities_.chunk_size / 2, RegistryAbilities::min_chunk);
  }
  return backoff;
}

void BlobUpload::adapt_chunk_size(std::uint64_t sent) {
  const std::uint64_t chunk = abilities_.chunk_size;
  const auto took = now_ - sent_at_;
  if (took > slow_chunk) {
    fast_chunks_ = 0;
    abilities_.chunk_size = std::max(chunk / 2, RegistryAbilities::min_chunk);
  } else if (chunk < RegistryAbilities::default_chunk) {
    abilities_.chunk_size =
        std::min<std::uint64_t>({chunk * 2, RegistryAbilities::default_chunk, abilities_.max_accepted_chunk});
  } else if (took > fast_chunk || sent < chunk) {
    fast_chunks_ = 0;
  } else if (++fast_chunks_ == fast_chunks_to_grow) {
    fast_chunks_ = 0;
    abilities_.chunk_size =
        std::min<std::uint64_t>({chunk * 2, RegistryAbilities::max_chunk, abilities_.max_accepted_chunk});
  }
}

BlobUpload::Backoff BlobUpload::on_status_reply(const Reply& reply) {
  // The address that an earlier run saved may have expired, or lead nowhere any more, while the registry
  // itself responds.
  const bool is_lost =
      reply.status == 403 || reply.is_final || (reply.status == 0 && ++unanswered_ > max_unanswered);
  if (is_saved_ && is_lost) {
    start_over();
    return {};
  }
  if (reply.may_retry() || reply.is_final || reply.status == 403) return next_retry(reply);
  const bool is_too_much = !blob_.digest.empty() && reply.received && *reply.received > blob_.size;
  if (reply.status / 100 != 2 || !reply.received || is_too_much) {
    start_over();
    return {};
  }
  if (!reply.location.empty()) state_.location = reply.location;
  if (std::exchange(is_saved_, false)) resumed_at_ = *reply.received;
  state_.offset = 0;
  advance_to(*reply.received);
  return {};
}

BlobUpload::Backoff BlobUpload::on_put_reply(const Reply& reply) {
  if (reply.status / 100 == 2) {
    finish(Result::uploaded);
    return {};
  }
  const bool was_whole = step_ == Step::put_monolithic;
  if (reply.code == "DIGEST_INVALID" || reply.code == "SIZE_INVALID") {
    if (was_whole) {
      throw Error(Kind::network, "the registry received different bytes than were sent: " + reply.message,
                  "try again; look for a proxy that changes what it forwards");
    }
    distrusts_chunks_ = true;
    start_over();
    return {};
  }
  if (is_session_unknown(reply) || reply.status == 416) {
    // The session may be gone because an earlier PUT succeeded and its reply was lost.
    put_reply_was_lost_ = true;
    state_ = {};
    step_ = Step::head;
    return retry_state_.next_retry(Reply{}, now_, random_, "store the layer");
  }
  const auto backoff = next_retry(reply);
  if (reply.status != 401 && reply.status != 429) {
    put_reply_was_lost_ = true;
    step_ = Step::head;
    if (was_whole) state_ = {};
  }
  return backoff;
}

BlobUpload::Backoff BlobUpload::next_retry(const Reply& reply) {
  return retry_state_.next_retry(
      reply, now_, random_, blob_.digest.empty() ? "upload a layer" : "upload the layer " + blob_.digest);
}

void BlobUpload::advance_to(std::uint64_t offset) {
  if (offset > max_offset_) {
    max_offset_ = offset;
    retry_state_.made_progress();
  }
  state_.offset = offset;
  step_ = offset == blob_.size && !blob_.digest.empty() ? Step::put : Step::patch;
}

void BlobUpload::start_over() {
  state_ = {};
  is_saved_ = false;
  step_ = Step::post;
}

void BlobUpload::start_over_or_go_monolithic() {
  if (++mismatches_ > max_mismatches) return go_monolithic();
  start_over();
}

void BlobUpload::go_monolithic() {
  abilities_.accepts_chunks = false;
  start_over();
}

void BlobUpload::finish(Result result) {
  result_ = result;
  state_ = {};
  step_ = Step::done;
}

}  // namespace plugin::push
