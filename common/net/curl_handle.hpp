// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace net {

/// A libcurl handle; the first one loads the library. It keeps its connection, TLS sessions and resolved
/// names between transfers. Each thread needs its own.
class CurlHandle {
public:
  CurlHandle() = default;
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;
  ~CurlHandle();

  /// The easy handle without any options, to prepare a transfer. Throws `config` when libcurl is not
  /// installed.
  void* reset();
  /// Null before the first `reset`.
  void* easy() const noexcept { return easy_; }
  /// Performs the transfer that the easy handle was prepared for. Returns its CURLcode:
  /// CURLE_ABORTED_BY_CALLBACK as soon as the user interrupts the program (`base::was_interrupted`), or soon
  /// after `stop` has become true.
  int perform(const std::atomic<bool>* stop = nullptr);

private:
  void* easy_ = nullptr;
  void* multi_ = nullptr;
};

}  // namespace net
