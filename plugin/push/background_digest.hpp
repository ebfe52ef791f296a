// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>
#include <string>
#include <thread>

#include "push/files.hpp"

namespace plugin::push {

/// The digest of bytes, computed in a thread of its own while they are compressed or sent: SHA-256 takes as
/// long as compressing, and longer than sending.
class BackgroundDigest {
public:
  /// Ends with `Interrupted` when `stop` becomes true, which must outlive this.
  BackgroundDigest(const Slice& bytes, const std::atomic<bool>& stop);
  /// Does not wait for the rest.
  ~BackgroundDigest();
  BackgroundDigest(const BackgroundDigest&) = delete;
  BackgroundDigest& operator=(const BackgroundDigest&) = delete;

  /// Waits for the digest. Throws `config` when the bytes cannot be read.
  const std::string& get();
  /// Throws `config` when the digest is another one: `what`, such as "the layer sha256:...", is damaged.
  void require(const std::string& digest, const std::string& what);

private:
  std::atomic<bool> is_unwanted_{false};
  std::string digest_;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::push
