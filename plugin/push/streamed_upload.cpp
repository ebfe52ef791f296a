// SPDX-License-Identifier: Apache-2.0
#include "push/streamed_upload.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/interruption.hpp"

namespace plugin::push {
namespace {

using namespace std::chrono_literals;
using Step = BlobUpload::Step;

/// How often a wait checks whether the command should end.
constexpr auto check_interval = 50ms;
/// The first so many bytes identify an upload. To continue it, the same number of bytes before its offset
/// must be the same as well. In the end the registry checks the digest of the whole blob.
constexpr std::uint64_t sample_size = 1U << 20;

}  // namespace

StreamedUpload::StreamedUpload(const base::Environment& environment, UploadContext& uploads,
                               std::unique_ptr<registry::ImageClient> registry, std::uint64_t expected_size,
                               UploadEvents events)
    : uploads_(uploads),
      registry_(std::move(registry)),
      image_(registry_->image()),
      events_(std::move(events)),
      spool_(environment, expected_size) {
  thread_ = std::thread{[this] { upload(); }};
}

StreamedUpload::~StreamedUpload() {
  {
    const std::lock_guard lock{mutex_};
    is_abandoned_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void StreamedUpload::check() const {
  if (failure_) std::rethrow_exception(failure_);
  if (uploads_.stop) throw base::Interrupted{};
}

void StreamedUpload::add(std::string_view bytes) {
  spool_.write(bytes);
  sum_.add(bytes);
  std::unique_lock lock{mutex_};
  spooled_ += bytes.size();
  changed_.notify_all();
  for (check(); spooled_ > max_spooled_ && uploads_.abilities.accepts_chunks && !is_done_; check())
    changed_.wait_for(lock, check_interval);
}

std::uint64_t StreamedUpload::size() const {
  const std::lock_guard lock{mutex_};
  return spooled_;
}

std::string StreamedUpload::end() {
  auto digest = sum_.digest();
  const std::lock_guard lock{mutex_};
  digest_ = digest;
  return digest;
}

void StreamedUpload::store() {
  std::unique_lock lock{mutex_};
  may_end_ = true;
  changed_.notify_all();
  for (check(); !is_done_; check()) changed_.wait_for(lock, check_interval);
}

bool StreamedUpload::wait_for_bytes(BlobUpload& upload) {
  std::unique_lock lock{mutex_};
  // A registry may require chunks that are larger than the usual lead.
  max_spooled_ = upload.offset() + std::max(max_lead, upload.chunk_size());
  changed_.notify_all();
  const auto has_enough = [&] {
    if (may_end_) return true;
    if (upload.step() == Step::patch) return spooled_ >= upload.offset() + upload.chunk_size();
    return upload.step() != Step::put_monolithic;
  };
  while (!has_enough()) {
    if (is_abandoned_ || uploads_.stop) return false;
    changed_.wait_for(lock, check_interval);
  }
  upload.grow(spooled_);
  if (may_end_) upload.complete(digest_);
  return !is_abandoned_;
}

bool StreamedUpload::wait_until_spooled(std::uint64_t size) {
  std::unique_lock lock{mutex_};
  max_spooled_ = size + max_lead;
  changed_.notify_all();
  while (spooled_ < size && !may_end_ && !is_abandoned_ && !uploads_.stop)
    changed_.wait_for(lock, check_interval);
  return spooled_ >= size;
}

std::optional<UploadState> StreamedUpload::earlier_upload() {
  if (!wait_until_spooled(sample_size)) return std::nullopt;
  const auto bytes = spool_.slice();
  name_ = uploads_.claim("begins with " + registry::digest_of(bytes.part(0, sample_size).text()));
  if (name_.empty()) return std::nullopt;
  auto saved = uploads_.saved.load(image_, name_);
  if (!saved || !wait_until_spooled(saved->offset)) return std::nullopt;
  return saved->sample == sample_before(saved->offset) ? saved : std::nullopt;
}

std::string StreamedUpload::sample_before(std::uint64_t offset) const {
  const auto size = std::min(offset, sample_size);
  return registry::digest_of(spool_.slice().part(offset - size, size).text());
}

void StreamedUpload::upload() {
  std::unique_ptr<BlobUpload> upload;
  try {
    upload = std::make_unique<BlobUpload>(BlobUpload::Blob{}, uploads_.abilities, earlier_upload(),
                                          uploads_.clock.steady());
    while (upload->step() != Step::done && wait_for_bytes(*upload)) {
      const auto bytes = spool_.slice();
      const auto before = upload->state();
      perform_next_step(*registry_, uploads_, *upload, &bytes, events_);
      // The registry may already have more of a continued upload than the client has sent again so far.
      const bool is_spooled = upload->offset() > 0 && upload->offset() <= bytes.size();
      if (name_.empty() || !is_spooled || upload->state() == before) continue;
      auto state = upload->state();
      state.sample = sample_before(state.offset);
      uploads_.saved.save(image_, name_, state);
    }
  } catch (...) {
    const std::lock_guard lock{mutex_};
    failure_ = std::current_exception();
  }
  const std::lock_guard lock{mutex_};
  is_done_ = upload && upload->step() == Step::done;
  if (is_done_) {
    uploads_.saved.erase(image_, name_);
  } else if (upload) {
    uploads_.abandon(registry_->path(), *upload, name_);
  }
  uploads_.release(name_);
  changed_.notify_all();
}

}  // namespace plugin::push
