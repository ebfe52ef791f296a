// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>

#include "net/http.hpp"

namespace net {

/// What `--debug` prints: a line for each request when its answer is there, with its method, host and path,
/// the status or what went wrong, the time it took, and the id of a query. Nothing else of it, since the rest
/// may be secret. Safe to use from several threads.
class RequestLog {
public:
  /// Prints nothing.
  RequestLog() = default;
  /// `out` must outlive this.
  explicit RequestLog(std::ostream& out) : out_(&out) {}

  /// Calls `send`, which sends a request with this method and URL, and returns its answer, or throws what it
  /// throws.
  HttpResponse record(const std::string& method, const std::string& url,
                      const std::function<HttpResponse()>& send) const;
  /// A client that records what `client` sends, retries included.
  std::unique_ptr<HttpClient> recorded(std::unique_ptr<HttpClient> client) const;

private:
  std::ostream* out_ = nullptr;
};

/// Records what another client sends.
class RecordedClient final : public HttpClient {
public:
  /// `client` must outlive this, unless it is `owned`.
  RecordedClient(HttpClient& client, const RequestLog& log, std::unique_ptr<HttpClient> owned = nullptr)
      : client_(client), log_(log), owned_(std::move(owned)) {}

  HttpResponse send(const HttpRequest& request) override {
    return log_.record(request.method, request.url, [&] { return client_.send(request); });
  }

private:
  HttpClient& client_;
  RequestLog log_;
  std::unique_ptr<HttpClient> owned_;
};

}  // namespace net
