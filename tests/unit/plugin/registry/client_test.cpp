// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

#include "registry/authorization.hpp"
#include "registry/reply.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

namespace {

using plugin::registry::Challenge;

const std::string client_host = "myorg-myacct.registry.snowflakecomputing.com";

struct Registry {
  fakes::FakeHttp http;

  void challenge(const std::string& header) { http.answer(401, "{}", {{"www-authenticate", header}}); }
  void challenge() { challenge("Bearer realm=\"https://" + client_host + "/v2/token\",service=\"s v\""); }
  void log_in() {
    plugin::registry::try_credential(http, client_host,
                                     {client_host, "0sessiontoken", base::Secret{"hunter2"}});
  }
};

}  // namespace

TEST_CASE("a login is that of Docker: challenge, bearer token, GET /v2/") {
  Registry registry;
  registry.challenge();
  registry.http.answer(200, R"({"access_token":"b"})");
  registry.http.answer(200, "{}");
  registry.http.expect("GET", client_host + "/v2/");
  registry.http.expect("GET", client_host + "/v2/token");
  registry.http.expect("GET", client_host + "/v2/");
  registry.log_in();
  REQUIRE(registry.http.sent.size() == 3);
  CHECK(registry.http.sent[0].authorization.reveal().empty());
  CHECK(registry.http.sent[1].url == "https://" + client_host + "/v2/token?service=s%20v");
  CHECK(registry.http.sent[1].authorization.reveal().starts_with("Basic "));
  CHECK(registry.http.sent[2].authorization.reveal() == "Bearer b");
}

TEST_CASE("a challenge of another host gets no credential") {
  Registry registry;
  registry.challenge("Bearer realm=\"https://evil.example/token\",service=\"s\"");
  CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::denied);
  CHECK(registry.http.sent.size() == 1);
}

TEST_CASE("a broken registry and a refusal are different errors") {
  Registry registry;
  SECTION("server error") {
    registry.http.answer(503, "out of order");
    CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::network);
  }
  SECTION("too many requests") {
    registry.http.answer(429, "slowly", {{"retry-after", "7"}});
    try {
      registry.log_in();
      FAIL();
    } catch (const plugin::registry::BearerUnavailable& error) {
      CHECK(plugin::registry::Reply::of(error).retry_after == std::chrono::seconds{7});
      CHECK_FALSE(plugin::registry::Reply::of(error).is_final);
    }
  }
  SECTION("no challenge") {
    registry.http.answer(200, "<html>");
    CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::network);
  }
  SECTION("no token") {
    registry.challenge();
    registry.http.answer(401, "no");
    const auto error = fakes::error_of([&] { registry.log_in(); });
    CHECK(error.kind() == base::Kind::denied);
    CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
  }
  SECTION("server error of the token server") {
    registry.challenge();
    registry.http.answer(503, "out of order");
    CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::network);
  }
  SECTION("a token in an unknown format") {
    registry.challenge();
    registry.http.answer(200, "b.e.arer");
    const auto error = fakes::error_of([&] { registry.log_in(); });
    CHECK(error.kind() == base::Kind::network);
    CHECK_FALSE(fakes::contains(error.what(), "b.e.arer"));
  }
  SECTION("server error after the token") {
    registry.challenge();
    registry.http.answer(200, R"({"token":"b"})");
    registry.http.answer(502, "<html>");
    CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::network);
  }
  SECTION("the bearer token is refused") {
    registry.challenge();
    registry.http.answer(200, R"({"token":"b"})");
    registry.http.answer(401, "no");
    CHECK(fakes::error_of([&] { registry.log_in(); }).kind() == base::Kind::denied);
  }
}

TEST_CASE("a request to a busy token server is retried, one that it rejects is not") {
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
  for (const int status : {408, 429, 500, 503}) {
    const auto reply = reply_after(status, "busy");
    CHECK(reply.may_retry());
    CHECK(reply.retry_after == std::chrono::seconds{3});
  }
  for (const int status : {400, 404, 307, 200}) {
    const auto reply = reply_after(status, "nothing");
    CHECK(reply.is_final);
    CHECK(reply.message.find("HTTP status " + std::to_string(status)) != std::string::npos);
  }
}

TEST_CASE("errors of listing tags are denied, not found or network errors") {
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

TEST_CASE("a registry on this machine is used without TLS") {
  fakes::FakeHttp http;
  http.answer(200, "{}");
  plugin::registry::Client{http, "127.0.0.1:5055"}.send("GET", "/v2/", {});
  CHECK(http.sent[0].url == "http://127.0.0.1:5055/v2/");
}

TEST_CASE("challenges are parsed in every form") {
  struct Row {
    const char* header;
    const char* realm;
    const char* service;
  };
  const auto row =
      GENERATE(Row{"Bearer realm=\"a\",service=\"b,c\"", "a", "b,c"},
               Row{" bearer service=b , Realm=a", "a", "b"}, Row{"Basic realm=\"a\"", "", ""},
               Row{"", "", ""}, Row{"Bearer", "", ""}, Row{"Bearer scope=\"x=y\", realm=\"a", "a", ""});
  CAPTURE(row.header);
  const auto challenge = Challenge::parse(row.header);
  CHECK(challenge.realm == row.realm);
  CHECK(challenge.service == row.service);
}

TEST_CASE("the URL of a bearer token keeps the query of the realm") {
  CHECK(Challenge{"https://h/t", ""}.bearer_url("") == "https://h/t");
  CHECK(Challenge{"https://h/t", "a b"}.bearer_url("") == "https://h/t?service=a%20b");
  CHECK(Challenge{"https://h/t?x=1", "h"}.bearer_url("repository:r:pull,push") ==
        "https://h/t?x=1&service=h&scope=repository%3Ar%3Apull%2Cpush");
}

TEST_CASE("a credential is sent to Snowflake only, whatever the realm") {
  const std::string host = "myorg-myacct.registry.snowflakecomputing.com";
  const auto may_see = [&](const std::string& realm) {
    return Challenge{realm, "s"}.may_receive_credential_for(host);
  };
  CHECK(may_see("https://myorg-myacct.registry.snowflakecomputing.com/v2/token"));
  CHECK(may_see("https://MyOrg-MyAcct.registry.snowflakecomputing.com:443/v2/token"));
  CHECK(may_see("https://auth.snowflakecomputing.com/token"));
  for (const char* realm :
       {"https://evil.example/token", "http://myorg-myacct.registry.snowflakecomputing.com/v2/token",
        "https://myorg-myacct.registry.snowflakecomputing.com.evil.example/",
        "https://myorg-myacct.registry.snowflakecomputing.com@evil.example/",
        "https://myorg-myacct.registry.snowflakecomputing.com:8443/", "https://evilsnowflakecomputing.com/",
        "/v2/token", "", "https://"}) {
    CAPTURE(realm);
    CHECK_FALSE(may_see(realm));
  }
}

TEST_CASE("the credential of a registry outside Snowflake's domains is sent to that registry only") {
  const auto may_see = [](const std::string& realm) {
    return Challenge{realm, "s"}.may_receive_credential_for("127.0.0.1:5055");
  };
  CHECK(may_see("http://127.0.0.1:5055/v2/token"));
  CHECK_FALSE(may_see("http://127.0.0.1:5056/v2/token"));
  CHECK_FALSE(may_see("https://myorg-myacct.registry.snowflakecomputing.com/v2/token"));
}
