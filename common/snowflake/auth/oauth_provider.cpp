// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/oauth_provider.hpp"

#include <algorithm>
#include <array>

#include "base/local_address.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "net/crypto.hpp"
#include "net/retry.hpp"
#include "net/url.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/browser_login.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// The client id of Snowflake's built-in OAuth integration for programs on a user's machine. It is also the
/// client secret, which is no secret.
constexpr const char* local_application = "LOCAL_APPLICATION";

void require_https(const char* key, const std::string& address) {
  const auto url = net::parse_url(address);
  if (url.scheme == "https" || (url.scheme == "http" && base::is_loopback(url.host))) return;
  throw Error(Kind::config,
              std::string{key} + " of the connection is not https: " + base::printable(address, 200),
              "use a URL that begins with https://");
}

/// The URL in the connection, else Snowflake's own.
std::string address_of(const config::Connection& connection, const config::Account& account, const char* key,
                       const char* own_path) {
  const auto address = connection.text(key);
  if (address.empty()) return account.base_url() + own_path;
  require_https(key, address);
  return address;
}

bool is_snowflake(const std::string& host, const config::Account& account) {
  return host == account.host || config::is_snowflake_host(host);
}

bool has_word(const std::string& text, std::string_view word) {
  const auto words = base::split(text, ' ');
  return std::ranges::find(words, word) != words.end();
}

std::string scope_of(const config::Connection& connection) {
  const auto scope = connection.text("oauth_scope");
  if (!scope.empty() || connection.text("role").empty()) return scope;
  return "session:role:" + connection.text("role");
}

/// Adds the scope that requests refresh tokens, for which Snowflake has its own name.
std::string with_refresh_scope(std::string scope, bool at_snowflake) {
  if (has_word(scope, "refresh_token") || has_word(scope, "offline_access")) return scope;
  if (!scope.empty()) scope += ' ';
  return scope + (at_snowflake ? "refresh_token" : "offline_access");
}

void take_client(OAuthProvider& provider, const config::Connection& connection) {
  provider.login = login_step(connection);
  provider.client_id = connection.text("oauth_client_id");
  provider.client_secret = connection.secret("oauth_client_secret");
}

void require_client(const OAuthProvider& provider, bool with_secret) {
  if (provider.client_id.empty())
    throw Error(Kind::config, "the connection has no oauth_client_id",
                "set oauth_client_id = \"...\" in the connection");
  if (with_secret && provider.client_secret.empty())
    throw Error(Kind::config, "the connection has no oauth_client_secret",
                "set SNOWFLAKE_OAUTH_CLIENT_SECRET, or oauth_client_secret in the connection");
}

struct ErrorHint {
  std::string_view error;
  std::string_view hint;
};

constexpr std::string_view check_client = "correct oauth_client_id and oauth_client_secret in the connection";
constexpr std::array error_hints = {
    ErrorHint{"invalid_client", check_client},
    ErrorHint{"unauthorized_client", check_client},
    ErrorHint{"invalid_scope", "correct oauth_scope or role in the connection"},
    ErrorHint{"access_denied", "ask the administrator of the identity provider for access"},
    ErrorHint{"server_error", "try again later"},
    ErrorHint{"temporarily_unavailable", "try again later"},
};

base::NextStep next_step(const OAuthProvider& provider, std::string_view error) {
  // The code or refresh token has expired, or was used before.
  if (error == "invalid_grant") return provider.login;
  const auto found = std::ranges::find(error_hints, error, &ErrorHint::error);
  return found == error_hints.end() ? "check the settings of the connection that begin with oauth_"
                                    : std::string{found->hint};
}

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
    request.authorization = net::basic_authorization(provider.client_id, secret.reveal());
  }
  request.body = form.body();
  return request;
}

}  // namespace

std::string OAuthProvider::host() const { return net::parse_url(token_url).host; }

std::string OAuthProvider::fingerprint() const {
  base::Fingerprint all;
  all.add(token_url).add(client_id).add(scope);
  return all.hex();
}

OAuthProvider authorization_code_provider(const config::Connection& connection,
                                          const config::Account& account) {
  OAuthProvider provider;
  provider.authorization_url = address_of(connection, account, "oauth_authorization_url", "/oauth/authorize");
  provider.token_url = address_of(connection, account, "oauth_token_request_url", "/oauth/token-request");
  take_client(provider, connection);
  const bool is_own = net::parse_url(provider.authorization_url).host == account.host &&
                      net::parse_url(provider.token_url).host == account.host;
  if (is_own && provider.client_id.empty() && provider.client_secret.empty()) {
    provider.client_id = local_application;
    provider.client_secret = base::Secret{local_application};
  }
  // A public client has no secret, and uses PKCE instead (RFC 7636).
  require_client(provider, connection.flag("oauth_disable_pkce"));
  provider.scope = scope_of(connection);
  if (connection.flag("oauth_enable_refresh_tokens"))
    provider.scope = with_refresh_scope(provider.scope, is_snowflake(provider.host(), account));
  return provider;
}

OAuthProvider client_credentials_provider(const config::Connection& connection) {
  OAuthProvider provider;
  provider.token_url = connection.text("oauth_token_request_url");
  if (provider.token_url.empty())
    throw Error(Kind::config, "the connection has no oauth_token_request_url",
                "set oauth_token_request_url = \"https://...\" in the connection");
  require_https("oauth_token_request_url", provider.token_url);
  take_client(provider, connection);
  require_client(provider, true);
  provider.scope = scope_of(connection);
  provider.credentials_in_body = connection.flag("oauth_credentials_in_body");
  return provider;
}

Error oauth_refusal(const OAuthProvider& provider, std::string_view error, std::string_view description) {
  std::string message = provider.host() + " refused: " + base::printable(error, 100);
  if (!description.empty()) message += ": " + base::printable(description);
  const bool is_outage = error == "server_error" || error == "temporarily_unavailable";
  return {is_outage ? Kind::network : Kind::denied, message, next_step(provider, error)};
}

OAuthTokens request_oauth_tokens(const AuthContext& context, const OAuthProvider& provider, net::Form form,
                                 net::RetryMode retry_mode) {
  auto request = request_of(provider, std::move(form));
  request.retry_mode = retry_mode;
  const auto requested_at = context.clock.now();
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
                      net::is_transient(response.status) ? "try again later"
                                                         : "check oauth_token_request_url in the connection");
  }
  return {
      base::Secret{access},
      requested_at + lifetime_at(json, "expires_in", max_access_life, default_access_life),
      base::Secret{base::text_at(json, "refresh_token").value_or("")},
      requested_at + lifetime_at(json, "refresh_token_expires_in", max_refresh_life, default_refresh_life)};
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
