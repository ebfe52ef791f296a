// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"
#include "support/catch.hpp"

namespace fakes {

/// Returns prepared answers in their order, and records the requests. Fails the test for a request that our
/// clients must not send, for one to a different URL than in `expect`, and for unused answers.
class FakeHttp final : public net::HttpClient {
public:
  FakeHttp() = default;
  FakeHttp(const FakeHttp&) = delete;
  FakeHttp& operator=(const FakeHttp&) = delete;
  ~FakeHttp() override {
    // A test that has already failed may leave answers unused.
    if (std::uncaught_exceptions() == 0) CHECK(left() == 0);
  }

  net::HttpResponse send(const net::HttpRequest& request) override {
    check(request);
    sent.push_back(request);
    if (answers_.empty()) throw std::logic_error("a request too many: " + request.url);
    const auto next = std::move(answers_.front());
    answers_.pop_front();
    if (const auto* reason = std::get_if<net::NoAnswer::Reason>(&next)) {
      throw net::NoAnswer(*reason, "no answer", "try again");
    }
    return std::get<net::HttpResponse>(next);
  }

  void answer(int status, const std::string& body,
              std::map<std::string, std::string, std::less<>> headers = {}) {
    answers_.emplace_back(net::HttpResponse{status, std::move(headers), base::Secret{body}});
  }
  /// An answer of Snowflake that reports success.
  void grant(const base::Json& data) {
    answer(200,
           base::Json{{"success", true}, {"code", nullptr}, {"message", nullptr}, {"data", data}}.dump());
  }
  /// An answer of Snowflake that refuses.
  void refuse(const std::string& code, const std::string& message) {
    answer(200,
           base::Json{{"success", false}, {"code", code}, {"message", message}, {"data", nullptr}}.dump());
  }
  void fail(net::NoAnswer::Reason reason) { answers_.emplace_back(reason); }

  /// The next expected request has this method, and contains this text in its URL.
  void expect(const std::string& method, const std::string& part_of_url) {
    expected_.emplace_back(method, part_of_url);
  }

  std::size_t left() const { return answers_.size(); }

  std::vector<net::HttpRequest> sent;

private:
  void check(const net::HttpRequest& request) {
    CAPTURE(request.method, request.url);
    // This machine and its metadata service need no TLS.
    if (!request.to_metadata_service && !request.url.starts_with("http://127."))
      CHECK(request.url.starts_with("https://"));
    const auto authority = request.url.substr(0, request.url.find('/', request.url.find("//") + 2));
    CHECK(authority.find('@') == std::string::npos);
    CHECK(std::ranges::none_of(request.url, [](char c) { return c <= ' ' || c == '\x7f'; }));
    const auto is_one_line = [](std::string_view text) { return text.find_first_of("\r\n") == text.npos; };
    CHECK(is_one_line(request.authorization.reveal()));
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
      CAPTURE(name);
      CHECK(is_one_line(value));
      CHECK(name != "Authorization");
      has_type = has_type || name == "Content-Type";
    }
    if (request.method == "GET") CHECK(request.body.empty());
    if (!request.body.empty()) CHECK(has_type);
    if (expected_.empty()) return;
    CHECK(request.method == expected_.front().first);
    CHECK(request.url.find(expected_.front().second) != std::string::npos);
    expected_.pop_front();
  }

  std::deque<std::variant<net::HttpResponse, net::NoAnswer::Reason>> answers_;
  std::deque<std::pair<std::string, std::string>> expected_;
};

}  // namespace fakes
