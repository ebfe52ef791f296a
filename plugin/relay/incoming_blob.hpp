// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/environment.hpp"
#include "net/crypto.hpp"
#include "push/blob_sender.hpp"
#include "push/files.hpp"
#include "registry/repository.hpp"

namespace plugin::relay {

/// A blob that a client sends and the registry is to have: it is spooled as it arrives, and uploaded from
/// there at the same time, so that a broken line or a new login costs the client nothing.
class IncomingBlob {
public:
  /// How far the client may be ahead of the registry.
  static constexpr std::uint64_t max_lead = 64U << 20;

  IncomingBlob(const base::Environment&, push::Uploads&, std::unique_ptr<registry::Repository>);
  /// Gives the upload up unless it was finished.
  ~IncomingBlob();
  IncomingBlob(const IncomingBlob&) = delete;
  IncomingBlob& operator=(const IncomingBlob&) = delete;

  /// More bytes. Waits while the client is too far ahead. Throws what the upload has thrown, `config` for a
  /// full disk, and `Interrupted`.
  void add(std::string_view bytes);
  std::uint64_t size() const;
  /// There are no more bytes; returns when the registry has them. Throws as `add`, and `usage` when they have
  /// another digest.
  void finish(const std::string& digest);

private:
  void upload();
  /// Waits until the next step has what it needs; false when the upload was given up.
  bool wait_for_bytes(push::BlobUpload&);
  void check() const;

  push::Uploads& uploads_;
  std::unique_ptr<registry::Repository> registry_;
  push::Spool spool_;
  net::Sha256 sum_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t spooled_ = 0;
  std::uint64_t sent_ = 0;
  std::string digest_;  ///< when there are no more bytes
  bool is_given_up_ = false;
  bool is_done_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace plugin::relay
