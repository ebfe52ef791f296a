// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/http.hpp"

namespace plugin::registry {

/// What a client reads from a registry's answer (distribution specification, 1.1).
struct Reply {
  int status = 0;                         ///< 0 when there was no answer
  std::string location;                   ///< header Location, as it was sent
  std::optional<std::uint64_t> received;  ///< bytes of an upload that the registry has, from the header Range
  std::uint64_t min_chunk = 0;            ///< header OCI-Chunk-Min-Length
  std::optional<std::chrono::seconds> retry_after;
  std::string code;                 ///< of the first error: DENIED, BLOB_UPLOAD_UNKNOWN, ...
  std::string words;                ///< for an error message
  std::string hint;                 ///< what helps, when there was no answer
  std::string digest;               ///< header Docker-Content-Digest
  bool insufficient_scope = false;  ///< the bearer token is valid, but not for this
  bool is_final = false;            ///< no answer, and trying again cannot help

  static Reply of(const net::HttpResponse&);
  static Reply of(const net::NoAnswer&);
};

/// There is no bearer token now, because the registry or its token server is busy or failing: trying again
/// can help.
class NoBearerNow final : public net::NoAnswer {
public:
  NoBearerNow(const std::string& host, const net::HttpResponse&);
  /// Whether an answer to a request for a bearer token is one of that kind: 408, 429, 5xx.
  static bool is(const net::HttpResponse&);
  std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }

private:
  std::optional<std::chrono::seconds> retry_after_;
};

/// Decides how to retry requests, for as long as there is progress: after a broken connection, a refused
/// token, a busy or a failing registry. Pure: time and random numbers are passed in.
class Persistence {
public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Renewal { none, bearer, session_token };
  struct Pause {
    std::chrono::milliseconds wait{0};
    Renewal renewal = Renewal::none;
  };

  /// How long nothing may move, from the first failure on, before it gives up. A chunk that takes longer than
  /// that on a slow line is no failure, and waits that the registry asks for (`Retry-After`) do not count, up
  /// to `max_requested_wait` of them.
  static constexpr std::chrono::minutes max_standstill{5};
  static constexpr std::chrono::hours max_requested_wait{1};

  explicit Persistence(Time now) : standstill_since_(now) {}

  /// Whether the same request, or another way to the same end, can help: no answer, 401, 408, 429, 5xx.
  static bool may_pass(const Reply&);
  /// Whether the registry denied it to this role: never tried again.
  static bool is_denied(const Reply&);
  /// What to do before the next attempt. `random` is in [0, 1). Throws `denied` or `network` when there is no
  /// point in another one; `what` is what was being done: "upload layer 5f70bf18a086".
  Pause after(const Reply&, Time now, double random, const std::string& what);
  /// There was progress: more bytes have arrived, at the registry or here.
  void progress();
  /// The token was good.
  void accepted() { refusals_ = 0; }

private:
  Time standstill_since_;                        ///< the first failure after the last progress
  bool is_failing_ = false;                      ///< since then
  std::chrono::milliseconds requested_wait_{0};  ///< by the registry, since then
  int failures_ = 0;                             ///< since the last progress
  int refusals_ = 0;                             ///< of the token, since the last progress
};

}  // namespace plugin::registry
