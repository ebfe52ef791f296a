// SPDX-License-Identifier: Apache-2.0
#include "relay/blob_download.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/interruption.hpp"

namespace plugin::relay {
namespace {

constexpr std::size_t max_queue = 4U << 20;

}  // namespace

BlobDownload::BlobDownload(std::unique_ptr<registry::ImageClient> registry, std::string digest,
                           std::uint64_t size)
    : registry_(std::move(registry)) {
  thread_ = std::thread{[this, digest = std::move(digest), size] { download(digest, size); }};
}

BlobDownload::~BlobDownload() {
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::size_t BlobDownload::next(char* buffer, std::size_t size) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return !bytes_.empty() || is_ended_; });
  if (bytes_.empty() && failure_) std::rethrow_exception(failure_);
  const auto count = std::min(size, bytes_.size() - consumed_);
  std::memcpy(buffer, bytes_.data() + consumed_, count);
  consumed_ += count;
  if (consumed_ == bytes_.size()) {
    bytes_.clear();
    consumed_ = 0;
  }
  changed_.notify_all();
  return count;
}

void BlobDownload::download(const std::string& digest, std::uint64_t size) {
  try {
    registry_->read_blob(digest, size, [&](std::string_view piece) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return bytes_.size() < max_queue || is_closed_; });
      if (is_closed_) throw base::Interrupted{};
      // Otherwise the queue would grow forever.
      bytes_.erase(0, std::exchange(consumed_, 0));
      bytes_.append(piece);
      changed_.notify_all();
    });
  } catch (...) {
    const std::lock_guard lock{mutex_};
    failure_ = std::current_exception();
  }
  const std::lock_guard lock{mutex_};
  is_ended_ = true;
  changed_.notify_all();
}

}  // namespace plugin::relay
