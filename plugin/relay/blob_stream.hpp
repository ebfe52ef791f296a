// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "registry/repository.hpp"

namespace plugin::relay {

/// A blob on its way from the registry to a client: read by a thread, in pieces, a few megabytes ahead.
class BlobStream {
public:
  BlobStream(std::unique_ptr<registry::Repository>, std::string digest, std::uint64_t size);
  BlobStream(const BlobStream&) = delete;
  BlobStream& operator=(const BlobStream&) = delete;
  ~BlobStream();

  /// Waits for bytes of the blob and copies `size` of them at most. Returns how many; 0 at the end. Throws
  /// what reading from the registry throws.
  std::size_t give(char* buffer, std::size_t size);

private:
  void read(const std::string& digest, std::uint64_t size);

  std::unique_ptr<registry::Repository> registry_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_;
  std::size_t given_ = 0;
  bool is_ended_ = false;
  bool is_closed_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::relay
