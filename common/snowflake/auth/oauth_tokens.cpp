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

/// For providers that send no lifetime; Snowflake's is ten minutes. A token that is refused is replaced
/// anyway.
constexpr std::chrono::hours default_access_life{1};
constexpr std::chrono::hours max_access_life{24};
constexpr std::chrono::hours default_refresh_life{24 * 30};
constexpr std::chrono::hours max_refresh_life{24 * 365};

net::HttpRequest request_of(const OAuthProvider& provider, net::Form form) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = provider.token_url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"},
                     {"User-Agent", user_agent()}};
  const auto& secret = provider.client_secret;
  // A client without a secret identifies itself in the form (RFC 6749, 3.2.1).
  if (provider.credentials_in_body || secret.empty()) {
    form.add("client_id", provider.client_id);
    if (!secret.empty()) form.add("client_secret", secret.reveal());
  } else {
    // Not percent-encoded first, contrary to RFC 6749: the official drivers do not encode them either.
    const auto login = base::Secret::join({provider.client_id, ":", secret.reveal()});
    request.authorization = base::Secret::join({"Basic ", net::base64(login.reveal())});
  }
  request.body = form.body();
  return request;
}

}  // namespace

OAuthTokens request_oauth_tokens(const AuthContext& context, const OAuthProvider& provider, net::Form form,
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
                          " and no OAuth token",
                      "check oauth_token_request_url in the connection");
  }
  return {base::Secret{access},
          asked_at + lifetime_at(json, "expires_in", max_access_life, default_access_life),
          base::Secret{base::text_at(json, "refresh_token").value_or("")},
          asked_at + lifetime_at(json, "refresh_token_expires_in", max_refresh_life, default_refresh_life)};
}

StoredOAuthTokens::StoredOAuthTokens(const AuthContext& context, const OAuthProvider& provider)
    : stored_(context.stored),
      detail_(provider.fingerprint()),
      is_enabled_(stores_credentials(context.connection)) {}

std::optional<base::Secret> StoredOAuthTokens::load(const char* kind) const {
  return is_enabled_ ? stored_.load(kind, detail_) : std::nullopt;
}

void StoredOAuthTokens::save(const OAuthTokens& tokens) const {
  if (!is_enabled_) return;
  stored_.save(access_token_kind, tokens.access, tokens.access_expires_at, detail_);
  if (!tokens.refresh.empty())
    stored_.save(refresh_token_kind, tokens.refresh, tokens.refresh_expires_at, detail_);
}

void add_oauth_token(Json& data, const config::Connection& connection, const base::Secret& access,
                     const char* type) {
  data["AUTHENTICATOR"] = "OAUTH";
  data["LOGIN_NAME"] = connection.text("user");
  data["TOKEN"] = access.reveal();
  data["CLIENT_ENVIRONMENT"]["OAUTH_TYPE"] = type;
}

bool refuses_oauth_token(std::string_view code) { return code == "390303" || code == "390318"; }

}  // namespace snowflake
