// SPDX-License-Identifier: Apache-2.0
#include "relay/incoming_blob.hpp"

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "net/crypto.hpp"

namespace plugin::relay {
namespace {

using namespace std::chrono_literals;
using push::BlobUpload;
using Step = BlobUpload::Step;

/// How often a wait looks whether the command is to end.
constexpr auto poll_interval = 200ms;

}  // namespace

IncomingBlob::IncomingBlob(const base::Environment& environment, push::Uploads& uploads,
                           std::unique_ptr<registry::Repository> registry)
    : uploads_(uploads), registry_(std::move(registry)), spool_(environment, 0) {
  thread_ = std::thread{[this] { upload(); }};
}

IncomingBlob::~IncomingBlob() {
  {
    const std::lock_guard lock{mutex_};
    is_given_up_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void IncomingBlob::check() const {
  if (failure_) std::rethrow_exception(failure_);
  if (uploads_.stop) throw base::Interrupted{};
}

void IncomingBlob::add(std::string_view bytes) {
  spool_.write(bytes);
  sum_.add(bytes);
  std::unique_lock lock{mutex_};
  spooled_ += bytes.size();
  changed_.notify_all();
  for (check(); spooled_ > sent_ + max_lead && uploads_.abilities.chunks && !is_done_; check())
    changed_.wait_for(lock, poll_interval);
}

std::uint64_t IncomingBlob::size() const {
  const std::lock_guard lock{mutex_};
  return spooled_;
}

void IncomingBlob::finish(const std::string& digest) {
  if (sum_.digest() != digest) {
    throw base::Error(base::Kind::usage, "the bytes that were sent do not have the digest " + digest);
  }
  std::unique_lock lock{mutex_};
  digest_ = digest;
  changed_.notify_all();
  for (check(); !is_done_; check()) changed_.wait_for(lock, poll_interval);
}

bool IncomingBlob::wait_for_bytes(BlobUpload& upload) {
  std::unique_lock lock{mutex_};
  sent_ = upload.offset();
  changed_.notify_all();
  const auto has_enough = [&] {
    if (!digest_.empty()) return true;
    if (upload.step() == Step::patch) return spooled_ - upload.offset() >= upload.chunk_size();
    return upload.step() != Step::put_whole;
  };
  while (!has_enough()) {
    if (is_given_up_ || uploads_.stop) return false;
    changed_.wait_for(lock, poll_interval);
  }
  upload.grow(spooled_);
  if (!digest_.empty()) upload.complete(digest_);
  return !is_given_up_;
}

void IncomingBlob::upload() {
  BlobUpload upload{{}, uploads_.abilities, std::nullopt, uploads_.clock.steady()};
  try {
    while (upload.step() != Step::done && wait_for_bytes(upload)) {
      const auto bytes = spool_.slice();
      const auto reply = push::perform_step(*registry_, uploads_, upload, digest_, &bytes, {});
      registry_->wait(upload.take(reply, uploads_.clock.steady(), net::random_fraction()), reply.words);
    }
  } catch (...) {
    const std::lock_guard lock{mutex_};
    failure_ = std::current_exception();
  }
  const std::lock_guard lock{mutex_};
  is_done_ = upload.step() == Step::done;
  if (!is_done_ && !upload.location().empty()) uploads_.abandon(upload.location());
  changed_.notify_all();
}

}  // namespace plugin::relay
