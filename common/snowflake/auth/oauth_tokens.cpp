// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/oauth_tokens.hpp"

#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/browser.hpp"

namespace snowflake {
namespace {

using base::Json;

/// What providers give when they do not say; Snowflake says ten minutes. What is refused is replaced.
constexpr std::chrono::hours default_access_life{1};
constexpr std::chrono::hours max_access_life{24};
constexpr std::chrono::hours default_refresh_life{24 * 30};
constexpr std::chrono::hours max_refresh_life{24 * 365};

net::HttpRequest request_of(const OAuthProvider& provider,
                            std::vector<std::pair<std::string, std::string>> form) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = provider.token_url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"},
                     {"User-Agent", user_agent()}};
  const std::string secret{provider.client_secret.reveal()};
  // A client without a secret says who it is in the form (RFC 6749, 3.2.1).
  if (provider.credentials_in_body || secret.empty()) {
    form.emplace_back("client_id", provider.client_id);
    if (!secret.empty()) form.emplace_back("client_secret", secret);
  } else {
    // Not escaped before, as RFC 6749 has it: neither are they by the official drivers.
    request.authorization = base::Secret{"Basic " + net::base64(provider.client_id + ":" + secret)};
  }
  std::string body;
  for (const auto& [name, value] : form) {
    if (!body.empty()) body += '&';
    body += name + "=" + net::percent_encode(value);
  }
  request.body = base::Secret{body};
  return request;
}

}  // namespace

OAuthTokens request_oauth_tokens(const AuthContext& context, const OAuthProvider& provider,
                                 std::vector<std::pair<std::string, std::string>> form,
                                 net::RetryMode retry_mode) {
  auto request = request_of(provider, std::move(form));
  request.retry_mode = retry_mode;
  const auto asked_at = context.clock.now();
  const auto response = context.http.send(request);
  const auto json = base::parse_json(response.body.reveal()).value_or(Json{});
  if (const auto error = base::text_at(json, "error")) {
    const auto description = base::text_at(json, "error_description");
    throw oauth_refusal(provider, *error,
                        description ? *description : base::text_at(json, "message").value_or(""));
  }
  const auto access = base::text_at(json, "access_token").value_or("");
  if (response.status != 200 || access.empty()) {
    throw base::Error(base::Kind::network,
                      provider.host() + " answered with HTTP status " + std::to_string(response.status) +
                          " and without an OAuth token",
                      "check oauth_token_request_url in the connection");
  }
  return {base::Secret{access},
          asked_at + lifetime_at(json, "expires_in", max_access_life, default_access_life),
          base::Secret{base::text_at(json, "refresh_token").value_or("")},
          asked_at + lifetime_at(json, "refresh_token_expires_in", max_refresh_life, default_refresh_life)};
}

KeptOAuthTokens::KeptOAuthTokens(const AuthContext& context, const OAuthProvider& provider)
    : kept_(context.kept), detail_(provider.fingerprint()), keeps_(keeps_proofs(context.connection)) {}

std::optional<base::Secret> KeptOAuthTokens::load(const char* kind) const {
  return keeps_ ? kept_.load(kind, detail_) : std::nullopt;
}

void KeptOAuthTokens::save(const OAuthTokens& tokens) const {
  if (!keeps_) return;
  kept_.save(access_token_kind, tokens.access, tokens.access_expires_at, detail_);
  if (!tokens.refresh.empty())
    kept_.save(refresh_token_kind, tokens.refresh, tokens.refresh_expires_at, detail_);
}

void add_oauth_token(Json& data, const config::Connection& connection, const base::Secret& access,
                     const char* type) {
  data["AUTHENTICATOR"] = "OAUTH";
  data["LOGIN_NAME"] = connection.text("user");
  data["TOKEN"] = std::string{access.reveal()};
  data["CLIENT_ENVIRONMENT"]["OAUTH_TYPE"] = type;
}

bool refuses_oauth_token(std::string_view code) { return code == "390303" || code == "390318"; }

}  // namespace snowflake
