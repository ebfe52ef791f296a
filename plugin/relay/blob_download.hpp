// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "registry/image_client.hpp"

namespace plugin::relay {

/// A blob that is forwarded from the registry to a client: a thread downloads it, a few megabytes ahead.
class BlobDownload {
public:
  BlobDownload(std::unique_ptr<registry::ImageClient>, std::string digest, std::uint64_t size);
  BlobDownload(const BlobDownload&) = delete;
  BlobDownload& operator=(const BlobDownload&) = delete;
  ~BlobDownload();

  /// Waits for the next bytes and copies at most `size` of them. Returns how many; 0 at the end. Throws what
  /// the download has thrown.
  std::size_t next(char* buffer, std::size_t size);

private:
  void download(const std::string& digest, std::uint64_t size);

  std::unique_ptr<registry::ImageClient> registry_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_;
  std::size_t consumed_ = 0;  ///< bytes at the beginning that `next` has copied
  bool is_ended_ = false;
  bool is_closed_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::relay
