// SPDX-License-Identifier: Apache-2.0
#include "snowflake/api.hpp"
#include "net/retry.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

namespace {

struct ApiFixture {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  snowflake::Api api{http, clock, {"o-a", "o-a.snowflakecomputing.com", 443, "https"}};

  snowflake::Answer post(const snowflake::Endpoint& endpoint = snowflake::token_endpoint) {
    return api.send({.endpoint = endpoint, .query = {}, .body = base::Json::object(), .token = {}});
  }
  base::Error error() {
    return fakes::error_of([&] { post(); });
  }
};

std::string parameter(const std::string& url, const std::string& name) {
  const auto start = url.find(name + "=");
  if (start == std::string::npos) return {};
  const auto begin = start + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

}  // namespace

TEST_CASE("an answer that is not Snowflake's JSON is an error that says so") {
  const auto* const body = GENERATE("<html>Sign in to the Wi-Fi</html>", "[]", "null",
                                    R"({"success": "yes"})", R"({"data": {}})", "\xff\xfe");
  ApiFixture f;
  f.http.answer(200, body);
  CHECK(f.error().kind() == base::Kind::network);
}

TEST_CASE("an HTTP error status is explained") {
  ApiFixture f;
  f.http.answer(403, "<html>");
  const auto forbidden = f.error();
  CHECK(forbidden.kind() == base::Kind::denied);
  CHECK(forbidden.consequences().transient);
  CHECK(fakes::contains(forbidden.what(), "there is no account 'o-a'"));
  f.http.answer(407, "");
  CHECK(fakes::contains(f.error().what(), "proxy"));
  f.http.answer(500, "");
  CHECK(f.error().kind() == base::Kind::network);
}

TEST_CASE("codes come as text or as numbers, and messages may be missing") {
  ApiFixture f;
  f.http.answer(200, R"({"success": false, "code": 390100, "message": null})");
  CHECK(f.post().code == "390100");
}

TEST_CASE("a redirect is followed within Snowflake's domain only, with the same request") {
  ApiFixture f;
  f.http.answer(307, "", {{"location", "https://o-b.snowflakecomputing.com/session/token-request?x=1"}});
  f.http.grant(nullptr);
  CHECK(f.post().success);
  CHECK(f.http.sent[1].url == "https://o-b.snowflakecomputing.com/session/token-request?x=1");
  CHECK(f.http.sent[1].method == "POST");
  const auto* const elsewhere = GENERATE(
      "https://evil.example/", "https://o-b.snowflakecomputing.com:8443/", "https://:1",
      "https://o-a.registry.snowflakecomputing.com/", "https://O-A.Registry.snowflakecomputing.com",
      "https://o-a.registry.privatelink.snowflakecomputing.com?x", "https://u@o-b.snowflakecomputing.com?x=/",
      "https://u:p@o-b.snowflakecomputing.com/", "http://o-a.snowflakecomputing.com/",
      "https://o-a.snowflakecomputing.cn/", "https://snowflakecomputing.com.evil.example/",
      "https://o-a.snowflakecomputing.com@evil.example/");
  f.http.answer(308, "", {{"location", elsewhere}});
  CHECK(fakes::contains(f.error().what(), "redirect that is not allowed"));
  CHECK(f.http.sent.size() == 3);
}

TEST_CASE("a redirect to a path stays on the same host") {
  ApiFixture f;
  f.http.answer(308, "", {{"location", "/moved?x=1"}});
  f.http.grant(nullptr);
  CHECK(f.post().success);
  CHECK(f.http.sent[1].url == "https://o-a.snowflakecomputing.com:443/moved?x=1");
  f.http.answer(308, "", {{"location", "//evil.example/"}});
  CHECK_THROWS_AS(f.post(), base::Error);
  CHECK(f.http.sent.size() == 3);
}

TEST_CASE("a redirect may be any reference that leads to a Snowflake host") {
  ApiFixture f;
  const auto [location, target] =
      GENERATE(std::pair{"?x=1", "https://o-a.snowflakecomputing.com:443/session/token-request?x=1"},
               std::pair{"moved?x=1", "https://o-a.snowflakecomputing.com:443/session/moved?x=1"},
               std::pair{"../v2/moved", "https://o-a.snowflakecomputing.com:443/v2/moved"},
               std::pair{"/a.registry.b?mail=j@e.example",
                         "https://o-a.snowflakecomputing.com:443/a.registry.b?mail=j@e.example"},
               std::pair{"https://o-a.snowflakecomputing.com/x?next=//registry.y/",
                         "https://o-a.snowflakecomputing.com/x?next=//registry.y/"},
               std::pair{"//o-b.snowflakecomputing.com/moved", "https://o-b.snowflakecomputing.com/moved"});
  f.http.answer(307, "", {{"location", location}});
  f.http.grant(nullptr);
  CHECK(f.post().success);
  CHECK(f.http.sent[1].url == target);
}

TEST_CASE("an answer that was cut off is asked for once more, unless it may have rung a phone") {
  ApiFixture f;
  const auto* const body = GENERATE("", R"({"success": tr)");
  f.http.answer(200, body);
  SECTION("the second answer is complete") {
    f.http.grant(nullptr);
    CHECK(f.post().success);
  }
  SECTION("the second answer is cut off, too") {
    f.http.answer(200, body);
    CHECK(fakes::contains(f.error().what(), "did not answer with JSON"));
    CHECK(f.http.sent.size() == 2);
  }
  SECTION("a login with a password") {
    const auto error = fakes::error_of([&] {
      f.api.send({.endpoint = snowflake::login_endpoint,
                  .query = {},
                  .body = base::Json::object(),
                  .token = {},
                  .retry_mode = net::RetryMode::only_if_not_processed});
    });
    CHECK(fakes::contains(error.what(), "did not answer with JSON"));
    CHECK(f.http.sent.size() == 1);
  }
}

TEST_CASE("a status that trying again does not change points to the connection") {
  ApiFixture f;
  f.http.answer(413, "");
  CHECK(fakes::contains(f.error().hint(), "check account and host"));
  f.http.answer(401, "");
  CHECK(fakes::contains(fakes::error_of([&] { f.post(snowflake::login_endpoint); }).hint(), "check account"));
}

TEST_CASE("302 and endless redirects are errors") {
  ApiFixture f;
  f.http.answer(302, "", {{"location", "https://o-b.snowflakecomputing.com/"}});
  CHECK(f.error().kind() == base::Kind::network);
  for (int i = 0; i < 4; ++i) f.http.answer(307, "", {{"location", "https://o-b.snowflakecomputing.com/"}});
  CHECK(f.error().kind() == base::Kind::network);
}

TEST_CASE("attempts of a query share a request id, attempts of a login do not") {
  ApiFixture f;
  net::RetryingClient patient{f.http, f.clock, base::Deadline{f.clock, std::chrono::seconds{25}},
                              [] { return 0.0; }};
  snowflake::Api api{patient, f.clock, f.api.account()};
  const auto urls_of = [&](const snowflake::Endpoint& endpoint) {
    f.http.sent.clear();
    f.http.answer(503, "");
    f.http.grant(nullptr);
    api.send({.endpoint = endpoint, .query = {}, .body = base::Json::object(), .token = {}});
    return std::pair{f.http.sent.at(0).url, f.http.sent.at(1).url};
  };
  const auto [query, query_again] = urls_of(snowflake::query_endpoint);
  CHECK(parameter(query, "requestId") == parameter(query_again, "requestId"));
  CHECK(parameter(query_again, "retryCount") == "1");
  CHECK(parameter(query_again, "retryReason") == "503");
  CHECK(parameter(query, "retryCount").empty());
  const auto [sign_in, sign_in_again] = urls_of(snowflake::login_endpoint);
  CHECK(parameter(sign_in, "request_id") != parameter(sign_in_again, "request_id"));
  CHECK(parameter(sign_in, "request_guid") != parameter(sign_in_again, "request_guid"));
}

using namespace std::chrono_literals;

TEST_CASE("every lifetime from a server becomes a reasonable number of seconds") {
  struct Row {
    const char* data;
    std::chrono::seconds life;
  };
  const auto row = GENERATE(
      Row{R"({"s": 3600})", 3600s}, Row{R"({"s": 60})", 60s}, Row{R"({"s": 5})", 5s}, Row{R"({"s": 0})", 0s},
      Row{R"({"s": -7})", 0s}, Row{R"({})", 60s}, Row{R"({"s": null})", 60s}, Row{R"({"s": "3600"})", 3600s},
      Row{R"({"s": "soon"})", 60s}, Row{R"({"s": [1]})", 60s}, Row{R"({"s": 99999999999})", 4h},
      Row{R"({"s": 1e300})", 4h}, Row{R"({"s": -1e300})", 0s}, Row{R"([])", 60s}, Row{"null", 60s});
  CAPTURE(row.data);
  CHECK(snowflake::lifetime_at(base::Json::parse(row.data), "s", 4h) == row.life);
}

TEST_CASE("a token that can be replaced has a default lifetime") {
  const auto life = [](const char* data) {
    return snowflake::lifetime_at(base::Json::parse(data), "s", 4h, 1h);
  };
  CHECK(life("{}") == 1h);
  CHECK(life(R"({"s": null})") == 1h);
  CHECK(life(R"({"s": 7})") == 7s);
  CHECK(life(R"({"s": 99999})") == 4h);
}
