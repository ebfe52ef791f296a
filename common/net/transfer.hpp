// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/http.hpp"
#include "net/trusted_authorities.hpp"

namespace net {

/// Bytes that are read again when a connection breaks: a part of a file, or of memory.
class BodySource {
public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads up to `size` bytes at `offset`; fewer only at the end.
  virtual std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const = 0;
};

/// A request whose body, or whose answer, may be larger than memory.
struct TransferRequest {
  std::string method = "GET";
  std::string url;  ///< never with a secret in it
  std::vector<std::pair<std::string, std::string>> headers;
  base::Secret authorization;                  ///< value of the header Authorization; no header when empty
  const BodySource* body = nullptr;            ///< none when null; outlives the request
  std::function<void(std::uint64_t)> on_sent;  ///< how many bytes of the body are on their way, as it grows
  std::function<void(std::string_view)> on_data;  ///< gets the body of an answer with status 2xx, in pieces
  std::chrono::seconds stall_timeout{60};         ///< so long without a byte in either direction is too long
};

/// HTTP for uploads and downloads of any size, by the rules of `CurlClient` but for one: there is no limit on
/// how long a request may take while bytes move. Keeps its connection between requests. One object belongs to
/// one thread.
class TransferClient final : public HttpClient {
public:
  /// When `stop` becomes true, requests end with `Interrupted`.
  TransferClient(const base::Environment&, const base::Clock&, const std::atomic<bool>& stop);
  ~TransferClient() override;
  TransferClient(const TransferClient&) = delete;
  TransferClient& operator=(const TransferClient&) = delete;

  /// Any status is an answer, and no redirect is followed. Throws `NoAnswer` when there is none.
  HttpResponse transfer(const TransferRequest&);
  /// The same for a request that fits into memory; its timeout counts.
  HttpResponse send(const HttpRequest&) override;
  /// Of the answer that is being read, for `on_data`.
  int last_status() const;

private:
  HttpResponse perform(const TransferRequest&, std::chrono::milliseconds timeout);

  const base::Environment& environment_;
  const base::Clock& clock_;
  const std::atomic<bool>& stop_;
  TrustedAuthorities authorities_;
  void* easy_ = nullptr;
};

/// `reference`, which may be relative, as it is meant on `page` (RFC 3986, 5). Throws `config` when that is
/// not a URL.
std::string resolve_url(const std::string& page, const std::string& reference);

}  // namespace net
