// SPDX-License-Identifier: Apache-2.0
#include "kubelet_request.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;

namespace {

const std::string request_host = "o-a.registry.snowflakecomputing.com";

std::string kubelet_request(const std::string& more) {
  return R"({"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":")" +
         request_host + R"(/db/s/r/app")" + more + "}\n";
}

constexpr base::TimePoint now{1'800'000'000s};

token::RegistryToken token_for(std::chrono::seconds left) {
  return {base::Secret{"t"}, now - 10s, now + left, "", ""};
}

}  // namespace

TEST_CASE("kubelet request: host, token and annotations are read as they are") {
  const auto parsed = helper::KubeletRequest::parse(kubelet_request(
      R"(,"serviceAccountToken":"a.b.c","serviceAccountAnnotations":{"x/y":"z"},"later":[{}])"));
  CHECK(parsed.host == request_host);
  CHECK(parsed.image == request_host + "/db/s/r/app");
  CHECK(parsed.service_account_token.reveal() == "a.b.c");
  CHECK(parsed.annotations.at("x/y") == "z");
}

TEST_CASE("kubelet request: what could hide a service account is refused") {
  for (const char* more :
       {R"(,"serviceAccountToken":"")", R"(,"serviceAccountToken":null)", R"(,"serviceaccounttoken":"a.b.c")",
        R"(,"image":"evil.example/x")", R"(,"serviceAccountAnnotations":{"a":"b","a":"c"})",
        R"(,"serviceAccountAnnotations":[])"}) {
    INFO(more);
    CHECK_THROWS_AS(helper::KubeletRequest::parse(kubelet_request(more)), base::Error);
  }
}

TEST_CASE("kubelet response: one line, the version and the host of the request") {
  const auto parsed = helper::KubeletRequest::parse(kubelet_request(""));
  const auto line = helper::kubelet_response(parsed, token_for(3600s), now);
  CHECK(line.reveal() ==
        R"({"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1",)"
        R"("cacheKeyType":"Registry","cacheDuration":"1500s","auth":{"o-a.registry.snowflakecomputing.com":)"
        R"({"username":"0sessiontoken","password":"{\"token\":\"t\",\"expires_in\":3600}"}}})"
        "\n");
}

TEST_CASE("kubelet response: may be cached for half of what is left, at most 25 minutes, never negative") {
  const auto parsed = helper::KubeletRequest::parse(kubelet_request(""));
  const auto duration = [&](std::chrono::seconds left) {
    const auto response = helper::kubelet_response(parsed, token_for(left), now);
    return base::text_at(base::Json::parse(response.reveal()), "cacheDuration");
  };
  CHECK(duration(3600s) == "1500s");
  CHECK(duration(3000s) == "1500s");
  CHECK(duration(2999s) == "1499s");
  CHECK(duration(1s) == "0s");
  CHECK(duration(-5s) == "0s");
}
