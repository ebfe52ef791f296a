// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace net {

/// How a request went, and which step failed: for `docker snowflake doctor`.
struct Trace {
  /// In their order.
  enum class Step { name, connection, proxy, tls, answer };
  std::optional<Step> failed_step;  ///< absent when there was an answer
  std::string message;              ///< libcurl's error message
  std::string address;              ///< IP address of the server or the proxy; empty without a connection

  std::string proxy;           ///< `host:port`; empty when there is no proxy
  std::string proxy_variable;  ///< the variable that it comes from
  int proxy_status = 0;        ///< its answer to CONNECT; 0 when there was none

  /// The result of verifying the certificate. Verification is the same without a trace.
  enum class Trust { unknown, trusted, unknown_authority, expired, not_yet_valid, other_host, refused };
  Trust trust = Trust::unknown;
  /// Name and organization of the authority that signed the certificate; empty when not known.
  std::string issuer;
  std::string expires;  ///< last day of the certificate, YYYY-MM-DD, UTC; empty when not known
};

/// Whether a request may be sent again when it is not known whether the first one was processed.
enum class RetryMode {
  always,  ///< processing it twice does no harm
  /// Only if it was certainly not processed: it may notify the user's phone, or count as a failed login.
  only_if_not_processed,
  /// Only after an answer: there may be no such server, and waiting for it again would take long.
  if_answered,
};

/// Bytes that can be read again when a connection breaks: a part of a file.
class BodySource {
public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;
  /// Reads up to `size` bytes at `offset`; fewer only at the end.
  virtual std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const = 0;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< must not contain a secret
  std::vector<std::pair<std::string, std::string>> headers;
  base::Secret authorization;  ///< value of the Authorization header; no header when empty
  base::Secret body;
  const BodySource* upload = nullptr;  ///< a body of any size, instead of `body`; must outlive the request
  RetryMode retry_mode = RetryMode::always;
  std::chrono::milliseconds timeout{60'000};  ///< for one attempt, from connecting to the end of the answer
  /// The maximum time without a byte in either direction. If it is set, `timeout` does not apply: the request
  /// may take any time.
  std::optional<std::chrono::seconds> stall_timeout = std::nullopt;
  /// No retry begins later than this after the first attempt; absent: the client's own limit.
  std::optional<std::chrono::milliseconds> retry_for = std::nullopt;
  std::size_t max_answer = 16U << 20;  ///< in bytes; a longer answer is an error
  /// Allows plain `http` to a metadata service of the machine (`base::is_metadata_service`).
  bool to_metadata_service = false;
  /// Updates the request before it is sent again, such as a JWT or a counter of attempts. Gets the number of
  /// the next attempt, from 2, and the HTTP status of the last one, 0 if there was no answer.
  std::function<void(HttpRequest&, int attempt, int last_status)> before_retry;
  std::function<void(std::uint64_t)> on_sent;  ///< gets the number of bytes of `upload` sent so far
  /// Gets the body of an answer with status 2xx in pieces, and that status. Without it the body is in the
  /// `HttpResponse`.
  std::function<void(int status, std::string_view piece)> on_data;
  Trace* trace = nullptr;  ///< where to record how the request went; may be null
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
  base::Secret body;

  /// The value of a header, whose name is in lower case; empty when there is none.
  std::string header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

/// There was no answer. How far the request got decides whether it may be sent again.
class NoAnswer : public base::Error {
public:
  enum class Reason {
    not_sent,  ///< no connection: the server did not get the request
    cut_off,   ///< the request may have been processed
    too_slow,  ///< the request was sent, and no answer arrived in time
    final,     ///< a retry cannot help: certificate not trusted, answer too long, URL not allowed
  };
  NoAnswer(Reason reason, const std::string& message, base::NextStep next)
      : Error(base::Kind::network, message, std::move(next)), reason_(reason) {}
  Reason reason() const noexcept { return reason_; }

private:
  Reason reason_;
};

/// Sends requests. Every answer is returned, whatever its status, and redirects are not followed. Throws
/// `NoAnswer` when there is none.
class HttpClient {
public:
  virtual ~HttpClient() = default;
  virtual HttpResponse send(const HttpRequest&) = 0;
};

}  // namespace net
