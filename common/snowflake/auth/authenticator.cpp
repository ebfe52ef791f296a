// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "snowflake/auth/requirements.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

struct AuthenticatorEntry {
  std::string_view name;
  std::unique_ptr<Authenticator> (*make)(const AuthContext&);
};

constexpr std::array authenticators = {
    AuthenticatorEntry{"SNOWFLAKE", &password_authenticator},
    AuthenticatorEntry{"USERNAME_PASSWORD_MFA", &password_and_mfa_authenticator},
    AuthenticatorEntry{"SNOWFLAKE_JWT", &key_pair_authenticator},
    AuthenticatorEntry{"PROGRAMMATIC_ACCESS_TOKEN", &programmatic_access_token_authenticator},
    AuthenticatorEntry{"OAUTH", &oauth_token_authenticator},
    AuthenticatorEntry{"WORKLOAD_IDENTITY", &workload_identity_authenticator},
    AuthenticatorEntry{"PAT_WITH_EXTERNAL_SESSION", &no_authenticator_with_external_session},
    AuthenticatorEntry{"EXTERNALBROWSER", &browser_authenticator},
    AuthenticatorEntry{"OAUTH_AUTHORIZATION_CODE", &oauth_authorization_code_authenticator},
    AuthenticatorEntry{"OAUTH_CLIENT_CREDENTIALS", &oauth_client_credentials_authenticator},
};

/// The authenticator that the user means by another name; empty when that is not clear.
std::string meant_authenticator(std::string_view text) {
  std::string word = base::to_upper(text);
  std::erase_if(word, [](char c) { return c == '_' || c == '-' || c == ' '; });
  for (const auto& known : authenticators) {
    std::string name{known.name};
    std::erase(name, '_');
    if (word == name) return std::string{known.name};
  }
  constexpr auto others = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"JWT", "SNOWFLAKE_JWT"},
       {"KEYPAIR", "SNOWFLAKE_JWT"},
       {"PRIVATEKEY", "SNOWFLAKE_JWT"},
       {"BROWSER", "EXTERNALBROWSER"},
       {"SSO", "EXTERNALBROWSER"},
       {"SAML", "EXTERNALBROWSER"},
       {"MFA", "USERNAME_PASSWORD_MFA"},
       {"DUO", "USERNAME_PASSWORD_MFA"},
       {"PASSWORD", "SNOWFLAKE"},
       {"USERNAMEPASSWORD", "SNOWFLAKE"},
       {"DEFAULT", "SNOWFLAKE"},
       {"PAT", "PROGRAMMATIC_ACCESS_TOKEN"},
       {"OAUTH2", "OAUTH"},
       {"TOKEN", "OAUTH"},
       {"AUTHORIZATIONCODE", "OAUTH_AUTHORIZATION_CODE"},
       {"CLIENTCREDENTIALS", "OAUTH_CLIENT_CREDENTIALS"},
       {"WIF", "WORKLOAD_IDENTITY"},
       {"OIDC", "WORKLOAD_IDENTITY"}});
  const auto found = std::ranges::find(others, word, &std::pair<std::string_view, std::string_view>::first);
  if (found != others.end()) return std::string{found->second};
  std::vector<std::string> names;
  for (const auto& known : authenticators) names.emplace_back(known.name);
  return base::nearest(base::to_upper(text), names);
}

[[noreturn]] void fail_unknown(const config::Connection& connection) {
  const auto text = connection.text("authenticator");
  const std::string message = "251007: Unknown authenticator: " + base::printable(text, 100);
  const auto lower = base::to_lower(text);
  const bool is_okta = lower == "okta" || lower.find(".okta") != std::string::npos;
  const auto meant = is_okta ? "https://<organization>.okta.com" : meant_authenticator(text);
  if (!meant.empty())
    throw Error(Kind::config, message, config::how_to_set(connection, "authenticator", meant));
  std::vector<std::string> names;
  for (const auto& known : authenticators) names.emplace_back(known.name);
  throw Error(
      Kind::config, message,
      "set " + config::name_of_value(connection, "authenticator") + " to one of: " + base::join(names, ", "));
}

/// With the message of the Snowflake CLI. An empty value does not count as a key.
void refuse_private_key(const AuthContext& context) {
  const auto& connection = context.connection;
  for (const char* key : {"private_key_file", "private_key_raw"}) {
    const auto value = connection.secret(key);
    if (value.empty()) continue;
    // A file that is not there is the first mistake of an option.
    if (config::name_of_value(connection, key).starts_with("--"))
      required_private_key(connection, context.environment);
    std::string hint = config::how_to_set(connection, "authenticator", "SNOWFLAKE_JWT", key);
    for (const char* variable :
         {"SNOWFLAKE_PRIVATE_KEY_FILE", "SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_PRIVATE_KEY_RAW"}) {
      if (!connection.name.empty() && context.environment.non_empty(variable) == value.reveal())
        hint = "unset " + std::string{variable} + "; for a connection with a key pair, " + hint;
    }
    throw Error(Kind::config, "Private Key authentication requires authenticator set to SNOWFLAKE_JWT", hint);
  }
}

}  // namespace

std::unique_ptr<Authenticator> make_authenticator(const AuthContext& context) {
  const std::string name = context.connection.authenticator();
  if (name != "SNOWFLAKE_JWT") refuse_private_key(context);
  if (base::to_lower(name).starts_with("https://")) return okta_authenticator(context);
  const auto entry = std::ranges::find(authenticators, name, &AuthenticatorEntry::name);
  if (entry == authenticators.end()) fail_unknown(context.connection);
  return entry->make(context);
}

base::Json authenticator_request(const AuthContext& context, std::string_view authenticator,
                                 const base::Json& more) {
  auto data = client_data(context.account);
  data["LOGIN_NAME"] = required_user(context.connection);
  data["AUTHENTICATOR"] = authenticator;
  data.update(more);
  Api api{context.http, context.clock, context.account};
  return api
      .send({.endpoint = authenticator_endpoint,
             .query = {},
             .body = base::Json{{"data", data}},
             .token = base::Secret{"None"}})
      .or_refusal()
      .data;
}

}  // namespace snowflake
