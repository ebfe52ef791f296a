// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"

namespace fakes {

/// Gives prepared answers, in their order, and keeps what was sent.
class FakeHttp final : public net::HttpClient {
public:
  net::HttpResponse send(const net::HttpRequest& request) override {
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
  /// Snowflake grants something.
  void grant(const base::Json& data) {
    answer(200,
           base::Json{{"success", true}, {"code", nullptr}, {"message", nullptr}, {"data", data}}.dump());
  }
  /// Snowflake refuses something.
  void refuse(const std::string& code, const std::string& message) {
    answer(200,
           base::Json{{"success", false}, {"code", code}, {"message", message}, {"data", nullptr}}.dump());
  }
  void fail(net::NoAnswer::Reason reason) { answers_.emplace_back(reason); }

  std::size_t left() const { return answers_.size(); }

  std::vector<net::HttpRequest> sent;

private:
  std::deque<std::variant<net::HttpResponse, net::NoAnswer::Reason>> answers_;
};

}  // namespace fakes
