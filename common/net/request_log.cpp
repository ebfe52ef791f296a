// SPDX-License-Identifier: Apache-2.0
#include "net/request_log.hpp"

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <syncstream>
#include <utility>

#include "base/text.hpp"

namespace net {
namespace {

/// Host and path; what follows them may hold a token.
std::string address_shown(const std::string& url) {
  return base::printable(url.substr(0, url.find_first_of("?#")), 300);
}

/// The id of the query that an answer is about; empty when it has none.
std::string query_id_in(std::string_view body) {
  constexpr std::string_view key = "\"queryId\"";
  constexpr std::size_t length = 36;
  const auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  const auto start = body.find_first_not_of(" :\"", at + key.size());
  if (start == std::string_view::npos) return {};
  const auto id = body.substr(start, length);
  return id.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos ? std::string{id} : "";
}

/// Prints the requests of another client.
class RecordedClient final : public HttpClient {
public:
  RecordedClient(std::unique_ptr<HttpClient> client, std::ostream& out)
      : client_(std::move(client)), out_(out) {}

  HttpResponse send(const HttpRequest& request) override {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto print = [&](const std::string& outcome) {
      const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
      std::osyncstream{out_} << "debug: " << request.method << ' ' << address_shown(request.url) << ": "
                             << outcome << ", " << time.count() << " ms\n";
    };
    try {
      auto response = client_->send(request);
      const auto id = query_id_in(response.body.reveal());
      print("HTTP status " + std::to_string(response.status) + (id.empty() ? "" : ", query " + id));
      return response;
    } catch (const base::Error& error) {
      print(error.what());
      throw;
    }
  }

private:
  std::unique_ptr<HttpClient> client_;
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<HttpClient> RequestLog::recorded(std::unique_ptr<HttpClient> client) const {
  if (out_ == nullptr) return client;
  return std::make_unique<RecordedClient>(std::move(client), *out_);
}

}  // namespace net
