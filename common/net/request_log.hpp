// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>

#include "net/http.hpp"

namespace net {

/// What `--debug` prints: one line for each request once it has been answered or has failed, with its method,
/// host and path, its status or the error, its duration, and the id of a query. Nothing else is printed,
/// since it may be secret. Safe to use from several threads.
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
  /// A client that records the requests of `client`, including retries.
  std::unique_ptr<HttpClient> recorded(std::unique_ptr<HttpClient> client) const;

private:
  std::ostream* out_ = nullptr;
};

/// Records the requests of another client.
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
