// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;
using net::NoAnswer;
using net::RetryMode;

namespace {

std::optional<std::chrono::milliseconds> wait_after_status(int status, RetryMode retry_mode, int attempt = 1,
                                                           const std::string& retry_after = {}) {
  net::HttpResponse response{status, {}, {}};
  if (!retry_after.empty()) response.headers["retry-after"] = retry_after;
  return net::wait_before_retry(retry_mode, attempt, {&response}, 0.0);
}

std::optional<std::chrono::milliseconds> wait_without_answer(NoAnswer::Reason reason, RetryMode retry_mode) {
  return net::wait_before_retry(retry_mode, 1, {nullptr, reason}, 0.0);
}

}  // namespace

TEST_CASE("whether to retry depends on the error and on the retry mode") {
  struct Row {
    int status;
    bool always;
    bool only_if_not_processed;
  };
  const auto row =
      GENERATE(Row{200, false, false}, Row{302, false, false}, Row{400, false, false}, Row{401, false, false},
               Row{403, false, false}, Row{404, false, false}, Row{408, true, false}, Row{429, true, true},
               Row{500, true, false}, Row{502, true, false}, Row{503, true, true}, Row{504, true, false});
  CAPTURE(row.status);
  CHECK(wait_after_status(row.status, RetryMode::always).has_value() == row.always);
  CHECK(wait_after_status(row.status, RetryMode::if_answered).has_value() == row.always);
  CHECK(wait_after_status(row.status, RetryMode::only_if_not_processed).has_value() ==
        row.only_if_not_processed);
}

TEST_CASE("a lost connection is retried unless the request may have been processed") {
  CHECK(wait_without_answer(NoAnswer::Reason::not_sent, RetryMode::always));
  CHECK(wait_without_answer(NoAnswer::Reason::not_sent, RetryMode::only_if_not_processed));
  CHECK(wait_without_answer(NoAnswer::Reason::cut_off, RetryMode::always));
  CHECK_FALSE(wait_without_answer(NoAnswer::Reason::cut_off, RetryMode::only_if_not_processed));
  CHECK_FALSE(wait_without_answer(NoAnswer::Reason::final, RetryMode::always));
  CHECK_FALSE(wait_without_answer(NoAnswer::Reason::not_sent, RetryMode::if_answered));
  CHECK_FALSE(wait_without_answer(NoAnswer::Reason::cut_off, RetryMode::if_answered));
}

TEST_CASE("pauses grow, are half random, and are limited") {
  CHECK(wait_after_status(503, RetryMode::always, 1) == 250ms);
  CHECK(wait_after_status(503, RetryMode::always, 2) == 500ms);
  CHECK(wait_after_status(503, RetryMode::always, 3) == 1000ms);
  CHECK_FALSE(wait_after_status(503, RetryMode::always, 4));
  const net::HttpResponse response{503, {}, {}};
  CHECK(net::wait_before_retry(RetryMode::always, 1, {&response}, 0.999) > 495ms);
}

TEST_CASE("Retry-After in seconds is respected up to a minute, and other values are ignored") {
  CHECK(wait_after_status(429, RetryMode::always, 1, "60") == 60s);
  CHECK_FALSE(wait_after_status(429, RetryMode::always, 1, "61"));
  CHECK(wait_after_status(429, RetryMode::always, 1, "7") == 7s);
  CHECK(wait_after_status(429, RetryMode::always, 1, "0") == 250ms);
  CHECK(wait_after_status(429, RetryMode::always, 1, "-5") == 250ms);
  CHECK(wait_after_status(429, RetryMode::always, 1, "Wed, 21 Oct 2026 07:28:00 GMT") == 250ms);
  CHECK(wait_after_status(429, RetryMode::always, 1, "99999999999999999999") == 250ms);
}

TEST_CASE("a request is retried until it is answered, and updated before each retry") {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  http.answer(503, "");
  http.fail(NoAnswer::Reason::cut_off);
  http.answer(200, "done");
  net::RetryingClient client{http, clock, base::Deadline{clock, 25s}, [] { return 0.0; }};
  std::vector<std::pair<int, int>> renewed;
  net::HttpRequest request;
  request.url = "https://a.example/";
  request.before_retry = [&](net::HttpRequest&, int attempt, int status) {
    renewed.emplace_back(attempt, status);
  };
  CHECK(client.send(request).body.reveal() == "done");
  CHECK(renewed == std::vector<std::pair<int, int>>{{2, 503}, {3, 0}});
  CHECK(clock.slept.size() == 2);
}

TEST_CASE("a pause that would exceed the deadline is not started") {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  http.answer(429, "", {{"retry-after", "30"}});
  net::RetryingClient client{http, clock, base::Deadline{clock, 25s}, [] { return 0.0; }};
  net::HttpRequest request;
  request.url = "https://a.example/";
  CHECK(client.send(request).status == 429);
  CHECK(clock.slept.empty());
}

TEST_CASE("no retry begins after the time that the request, or else the client, has for retries") {
  for (const bool by_request : {true, false}) {
    fakes::FakeClock clock;
    fakes::FakeHttp http;
    http.answer(503, "", {{"retry-after", "3"}});
    http.answer(503, "", {{"retry-after", "3"}});
    const auto retry_for = by_request ? std::nullopt : std::optional<std::chrono::milliseconds>{5s};
    net::RetryingClient client{http, clock, base::Deadline{clock, 25s}, [] { return 0.0; }, retry_for};
    net::HttpRequest request;
    request.url = "https://a.example/";
    if (by_request) request.retry_for = 5s;
    CHECK(client.send(request).status == 503);
    CHECK(clock.slept.size() == 1);
  }
}
