// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/curl_handle.hpp"
#include "net/http.hpp"
#include "net/trusted_authorities.hpp"

namespace net {

/// Bytes that can be read again when a connection breaks: a part of a file, or memory.
class BodySource {
public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads up to `size` bytes at `offset`; fewer only at the end.
  virtual std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const = 0;
};

/// Bytes in memory.
class MemoryBody final : public BodySource {
public:
  /// `bytes` must outlive it.
  explicit MemoryBody(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const override;

private:
  std::string_view bytes_;
};

/// A request whose body or answer may be larger than memory.
struct TransferRequest {
  std::string method = "GET";
  std::string url;  ///< must not contain a secret
  std::vector<std::pair<std::string, std::string>> headers;
  base::Secret authorization;                     ///< value of the Authorization header; no header when empty
  const BodySource* body = nullptr;               ///< null for none; must outlive the request
  std::function<void(std::uint64_t)> on_sent;     ///< gets the number of bytes sent so far
  std::function<void(std::string_view)> on_data;  ///< gets the body of an answer with status 2xx, in pieces
  std::chrono::seconds stall_timeout{60};         ///< maximum time without a byte in either direction
  /// For the whole request; absent: no limit.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
};

/// An HTTP client for uploads and downloads of any size. Follows the rules of `CurlClient`, but a request may
/// take any time as long as bytes are transferred. Keeps its connection between requests. Each thread needs
/// its own object.
class TransferClient final : public HttpClient {
public:
  /// When `stop` becomes true, requests end with `Interrupted`.
  TransferClient(const base::Environment&, const base::Clock&, const std::atomic<bool>& stop);

  /// Returns every answer, whatever its status, and follows no redirects. Throws `NoAnswer` when there is
  /// none.
  HttpResponse transfer(const TransferRequest&);
  /// The same for a request that fits into memory, with its timeout.
  HttpResponse send(const HttpRequest&) override;
  /// The status of the answer that is being read, for `on_data`.
  int last_status() const;

private:
  HttpResponse perform(const TransferRequest&, std::chrono::milliseconds timeout);

  const base::Environment& environment_;
  const base::Clock& clock_;
  const std::atomic<bool>& stop_;
  TrustedAuthorities authorities_;
  CurlHandle handle_;
};

}  // namespace net
