// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/oauth_provider.hpp"
#include "config/account.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"

namespace {

using Fields = std::map<std::string, std::string>;

snowflake::OAuthProvider code_provider(Fields fields) {
  fields.emplace("account", "o-a");
  const auto connection = fakes::connection(fields);
  return snowflake::authorization_code_provider(connection, config::account_of(connection));
}

const Fields elsewhere = {{"oauth_authorization_url", "https://idp.example/a"},
                          {"oauth_token_request_url", "https://idp.example/t"},
                          {"oauth_client_id", "id"},
                          {"oauth_client_secret", "secret"}};

std::string scope_at(Fields fields, const Fields& more) {
  fields.insert(more.begin(), more.end());
  return code_provider(fields).scope;
}

}  // namespace

TEST_CASE(
    "without URLs, Snowflake is the identity provider, with its built-in client for local applications") {
  const auto provider = code_provider({});
  CHECK(provider.authorization_url == "https://o-a.snowflakecomputing.com:443/oauth/authorize");
  CHECK(provider.token_url == "https://o-a.snowflakecomputing.com:443/oauth/token-request");
  CHECK(provider.client_id == "LOCAL_APPLICATION");
  CHECK(provider.client_secret.reveal() == "LOCAL_APPLICATION");
  CHECK(code_provider({{"oauth_token_request_url", "https://O-A.snowflakecomputing.com/oauth/token-request"}})
            .client_id == "LOCAL_APPLICATION");
}

TEST_CASE("another identity provider, or half of a client, needs client id and secret") {
  auto fields = elsewhere;
  fields.erase("oauth_client_id");
  CHECK(fakes::error_of([&] { code_provider(fields); }).kind() == base::Kind::config);
  CHECK_THROWS_AS(code_provider({{"oauth_client_id", "id"}, {"oauth_disable_pkce", "true"}}), base::Error);
  CHECK(code_provider({{"oauth_client_id", "public"}}).client_secret.empty());
  CHECK_THROWS_AS(
      code_provider({{"oauth_token_request_url", "https://o-a.snowflakecomputing.com.evil.example/"}}),
      base::Error);
  CHECK(code_provider(elsewhere).client_id == "id");
}

TEST_CASE("the scope is the configured one or the role's, with the provider's scope for refresh tokens") {
  CHECK(scope_at({}, {}).empty());
  CHECK(scope_at({}, {{"role", "R"}}) == "session:role:R");
  CHECK(scope_at({}, {{"role", "R"}, {"oauth_scope", "s t"}}) == "s t");
  const Fields refresh = {{"role", "R"}, {"oauth_enable_refresh_tokens", "true"}};
  CHECK(scope_at({}, refresh) == "session:role:R refresh_token");
  CHECK(scope_at(elsewhere, refresh) == "session:role:R offline_access");
  CHECK(scope_at(elsewhere, {{"oauth_scope", "refresh_token x"}, {"oauth_enable_refresh_tokens", "1"}}) ==
        "refresh_token x");
  CHECK(scope_at(elsewhere, {{"oauth_enable_refresh_tokens", "true"}}) == "offline_access");
}

TEST_CASE("another provider, client or scope has another fingerprint") {
  const auto fingerprint = [](const char* key, const char* value) {
    auto fields = elsewhere;
    fields[key] = value;
    return code_provider(fields).fingerprint();
  };
  const auto before = code_provider(elsewhere).fingerprint();
  CHECK(fingerprint("oauth_client_secret", "changed") == before);
  CHECK(fingerprint("oauth_client_id", "x") != before);
  CHECK(fingerprint("oauth_scope", "x") != before);
  CHECK(fingerprint("oauth_token_request_url", "https://x.example/t") != before);
}

TEST_CASE("a refusal has the provider's host and message, and the next step") {
  auto provider = code_provider(elsewhere);
  const auto error = snowflake::oauth_refusal(provider, "invalid_client", "No\nway.\x1b[31m");
  CHECK(std::string{error.what()} == "idp.example refused: invalid_client: No way. [31m");
  CHECK(fakes::contains(error.hint(), "oauth_client_secret"));
  CHECK(fakes::contains(snowflake::oauth_refusal(provider, "x", "").hint(), "oauth_"));
  provider.login = "docker snowflake login -c dev";
  CHECK(snowflake::oauth_refusal(provider, "invalid_grant", "").hint() == "docker snowflake login -c dev");
}

TEST_CASE("a code challenge agrees with RFC 7636, appendix B") {
  const base::Secret verifier{"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};
  CHECK(snowflake::code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("verifiers have 43 random characters") {
  const auto first = snowflake::random_verifier();
  CHECK(first.reveal().size() == 43);
  CHECK(first.reveal() != snowflake::random_verifier().reveal());
}
