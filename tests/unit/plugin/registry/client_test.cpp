// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

#include "registry/authorization.hpp"
#include "registry/persistence.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

namespace {

const std::string client_host = "myorg-myacct.registry.snowflakecomputing.com";

struct Registry {
  fakes::FakeHttp http;

  void challenge(const std::string& header) { http.answer(401, "{}", {{"www-authenticate", header}}); }
  void challenge() { challenge("Bearer realm=\"https://" + client_host + "/v2/token\",service=\"s v\""); }
  void come_in() {
    plugin::registry::try_credential(http, client_host,
                                     {client_host, "0sessiontoken", base::Secret{"hunter2"}});
  }
};

}  // namespace

TEST_CASE("a registry is asked as Docker asks it: challenge, token, page") {
  Registry registry;
  registry.challenge();
  registry.http.answer(200, R"({"access_token":"b"})");
  registry.http.answer(200, "{}");
  registry.http.expect("GET", client_host + "/v2/");
  registry.http.expect("GET", client_host + "/v2/token");
  registry.http.expect("GET", client_host + "/v2/");
  registry.come_in();
  REQUIRE(registry.http.sent.size() == 3);
  CHECK(registry.http.sent[0].authorization.reveal().empty());
  CHECK(registry.http.sent[1].url == "https://" + client_host + "/v2/token?service=s%20v");
  CHECK(registry.http.sent[1].authorization.reveal().starts_with("Basic "));
  CHECK(registry.http.sent[2].authorization.reveal() == "Bearer b");
}

TEST_CASE("a challenge from another host gets no credential") {
  Registry registry;
  registry.challenge("Bearer realm=\"https://evil.example/token\",service=\"s\"");
  CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::denied);
  CHECK(registry.http.sent.size() == 1);
}

TEST_CASE("a registry that does not answer as one is told apart from one that refuses") {
  Registry registry;
  SECTION("trouble") {
    registry.http.answer(503, "out of order");
    CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::network);
  }
  SECTION("too many requests") {
    registry.http.answer(429, "slowly", {{"retry-after", "7"}});
    try {
      registry.come_in();
      FAIL();
    } catch (const plugin::registry::NoBearerNow& error) {
      CHECK(plugin::registry::Reply::of(error).retry_after == std::chrono::seconds{7});
      CHECK_FALSE(plugin::registry::Reply::of(error).is_final);
    }
  }
  SECTION("no challenge") {
    registry.http.answer(200, "<html>");
    CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::network);
  }
  SECTION("no token") {
    registry.challenge();
    registry.http.answer(401, "no");
    const auto error = fakes::error_of([&] { registry.come_in(); });
    CHECK(error.kind() == base::Kind::denied);
    CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
  }
  SECTION("trouble where tokens are made") {
    registry.challenge();
    registry.http.answer(503, "out of order");
    CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::network);
  }
  SECTION("a token in no form that is known") {
    registry.challenge();
    registry.http.answer(200, "b.e.arer");
    const auto error = fakes::error_of([&] { registry.come_in(); });
    CHECK(error.kind() == base::Kind::network);
    CHECK_FALSE(fakes::contains(error.what(), "b.e.arer"));
  }
  SECTION("trouble with the page") {
    registry.challenge();
    registry.http.answer(200, R"({"token":"b"})");
    registry.http.answer(502, "<html>");
    CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::network);
  }
  SECTION("no page") {
    registry.challenge();
    registry.http.answer(200, R"({"token":"b"})");
    registry.http.answer(401, "no");
    CHECK(fakes::error_of([&] { registry.come_in(); }).kind() == base::Kind::denied);
  }
}

TEST_CASE("a token server that is busy is asked again, and one that has no token is not") {
  const auto reply_after = [](int status, const std::string& body) {
    fakes::FakeHttp http;
    fakes::FakeClock clock;
    http.answer(401, "{}", {{"www-authenticate", "Bearer realm=\"https://" + client_host + "/token\""}});
    http.answer(status, body, {{"retry-after", "3"}});
    plugin::registry::Authorization authorization{
        clock, client_host, "repository:a:pull", plugin::registry::Access{[](bool) {
          return docker::Credential{client_host, "0sessiontoken", base::Secret{"hunter2"}};
        }}};
    try {
      authorization.current(http);
    } catch (const net::NoAnswer& failure) {
      return plugin::registry::Reply::of(failure);
    }
    return plugin::registry::Reply{};
  };
  using plugin::registry::Persistence;
  for (const int status : {408, 429, 500, 503}) {
    const auto reply = reply_after(status, "busy");
    CHECK(Persistence::may_pass(reply));
    CHECK(reply.retry_after == std::chrono::seconds{3});
  }
  for (const int status : {400, 404, 307, 200}) {
    const auto reply = reply_after(status, "nothing");
    CHECK(reply.is_final);
    CHECK(reply.words.find("HTTP status " + std::to_string(status)) != std::string::npos);
  }
}

TEST_CASE("tags that cannot be had are the role's fault, the name's, or the registry's") {
  const auto kind_after = [](int status) {
    fakes::FakeHttp http;
    http.answer(status, "out of order");
    plugin::registry::Client client{http, client_host};
    return fakes::error_of([&] { client.tags("db/schema/repo", "app", {}); }).kind();
  };
  CHECK(kind_after(401) == base::Kind::denied);
  CHECK(kind_after(404) == base::Kind::not_found);
  CHECK(kind_after(503) == base::Kind::network);
  CHECK(kind_after(200) == base::Kind::network);
}

TEST_CASE("a registry on this machine is asked without TLS") {
  fakes::FakeHttp http;
  http.answer(200, "{}");
  plugin::registry::Client{http, "127.0.0.1:5055"}.ask("GET", "/v2/", {});
  CHECK(http.sent[0].url == "http://127.0.0.1:5055/v2/");
}

TEST_CASE("the words of a refusal are the registry's own") {
  const auto answer = [](int status, std::string_view body) {
    return plugin::registry::words_of(net::HttpResponse{status, {}, base::Secret{body}});
  };
  CHECK(answer(401, R"({"errors":[{"code":"X","message":"no"}]})") == "HTTP status 401, no");
  CHECK(answer(401, " not\ntoday\n") == "HTTP status 401, not today");
  for (const char* body :
       {"", "<html>", "[]", R"({"errors":[]})", R"({"errors":"x"})", R"({"errors":[7]})", "{"})
    CHECK(answer(502, body) == "HTTP status 502");
}
