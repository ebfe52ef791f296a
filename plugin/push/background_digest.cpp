// SPDX-License-Identifier: Apache-2.0
#include "push/background_digest.hpp"

#include <string_view>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "net/crypto.hpp"

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

}  // namespace plugin::push
