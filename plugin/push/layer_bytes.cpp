// SPDX-License-Identifier: Apache-2.0
#include "push/layer_bytes.hpp"

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "net/crypto.hpp"
#include "net/gzip.hpp"

namespace plugin::push {
BackgroundDigest::BackgroundDigest(const Slice& bytes, const std::atomic<bool>& stop) {
  thread_ = std::thread{[this, bytes, &stop] {
    try {
      net::Sha256 sum;
      bytes.for_each_piece([&](std::string_view piece) {
        if (stop || is_unwanted_) throw base::Interrupted{};
        sum.add(piece);
      });
      digest_ = sum.digest();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }};
}

BackgroundDigest::~BackgroundDigest() {
  is_unwanted_ = true;
  if (thread_.joinable()) thread_.join();
}

const std::string& BackgroundDigest::get() {
  if (thread_.joinable()) thread_.join();
  if (failure_) std::rethrow_exception(failure_);
  return digest_;
}

void BackgroundDigest::require(const std::string& digest, const std::string& what) {
  if (get() != digest) {
    throw base::Error(base::Kind::config, what + " of the image is damaged",
                      "create the image, or the archive, again");
  }
}

void compress(const Slice& bytes, const std::string& diff_id, const std::atomic<bool>& stop,
              const std::function<void(std::string_view)>& sink,
              const std::function<void(std::uint64_t)>& on_progress) {
  BackgroundDigest digest{bytes, stop};
  const auto compressor = net::Compressor::make(sink);
  std::uint64_t done = 0;
  bytes.for_each_piece([&](std::string_view piece) {
    if (stop) throw base::Interrupted{};
    compressor->add(piece);
    done += piece.size();
    if (on_progress) on_progress(done);
  });
  compressor->end();
  digest.require(diff_id, "the layer " + diff_id);
}

}  // namespace plugin::push
