// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator.hpp"

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_values.hpp"
#include "config/connections.hpp"
#include "config/value_repair.hpp"
#include "net/crypto.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/login_identity.hpp"

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
    // If an option names a file that does not exist, that is reported first.
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

/// A file that holds a secret of a connection.
struct SecretFile {
  const char* key;       ///< of its path
  const char* secret;    ///< what it holds
  const char* variable;  ///< for the secret itself
};

constexpr SecretFile token_file{"token_file_path", "token", "SNOWFLAKE_TOKEN"};
constexpr SecretFile private_key_file{"private_key_file", "key", "SNOWFLAKE_PRIVATE_KEY_RAW"};

void refuse_secret_as_path(const std::string& path, const SecretFile& file) {
  if (!base::looks_like_secret(path)) return;
  throw Error(
      Kind::config,
      std::string{file.key} + " of the connection is the " + file.secret + " itself, not the path of a file",
      std::string{"set "} + file.variable + " to the " + file.secret + ", or " + file.key +
          " to the path of its file");
}

std::string step_for_missing(const SecretFile& file, const config::Connection& connection) {
  return "correct " + config::name_of_value(connection, file.key) + "; for the " + file.secret +
         " itself, use " + file.variable;
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

std::string required_user(const config::Connection& connection) {
  const std::string user = connection.text("user");
  if (user.empty()) {
    const std::string meant = config::misspelled_key(connection, "user");
    throw Error(Kind::config, "251005: User is empty, but it must be provided for this authenticator",
                {meant.empty() ? "set user = \"...\" in the connection, or SNOWFLAKE_USER"
                               : "rename " + meant + " to user in the connection",
                 base::Needs::connection});
  }
  return user;
}

base::Secret required_token(const config::Connection& connection, const base::Environment& environment) {
  const std::string path = connection.text(token_file.key);
  if (path.empty()) {
    base::Secret token{base::trim(connection.secret("token").reveal())};
    if (!token.empty()) return token;
    throw Error(
        Kind::config, "the connection has no token",
        {"set token_file_path = \"...\" in the connection, or SNOWFLAKE_TOKEN", base::Needs::connection});
  }
  refuse_secret_as_path(path, token_file);
  const auto text = base::read_text_file(environment.expand_home(path), {.must_be_own = true});
  if (!text) {
    throw Error(Kind::config, "the token file " + base::shown_path(path) + " does not exist",
                {step_for_missing(token_file, connection), base::Needs::connection});
  }
  base::Secret token{config::without_blanks(*text)};
  if (token.reveal().find_first_of(" \t\r\n\"'") != std::string_view::npos) {
    throw Error(Kind::config, "the token file " + base::shown_path(path) + " contains more than a token",
                "write the token into it, without quotes and without anything before or after it");
  }
  if (token.empty())
    throw Error(Kind::config, "the token file " + base::shown_path(path) + " is empty",
                "write a token into it");
  config::check_token_from_file(connection, token, base::shown_path(path));
  base::add_mask(token);
  return token;
}

base::Secret required_private_key(const config::Connection& connection,
                                  const base::Environment& environment) {
  const std::string path = connection.text(private_key_file.key);
  if (path.empty()) {
    if (auto key = connection.secret("private_key_raw"); !key.empty()) return key;
    throw Error(
        Kind::config, "the connection has no private key",
        "set private_key_file = \"...\" in the connection; in a job, set SNOWFLAKE_PRIVATE_KEY_FILE, or "
        "SNOWFLAKE_PRIVATE_KEY_RAW to the key itself");
  }
  refuse_secret_as_path(path, private_key_file);
  // Not as text: it may be DER.
  const auto text = base::read_file(environment.expand_home(path), {.must_be_own = true});
  if (!text) {
    throw Error(Kind::config, "the private key file " + base::shown_path(path) + " does not exist",
                step_for_missing(private_key_file, connection));
  }
  return base::Secret{*text};
}

void require_not_expired(const base::Secret& token, base::TimePoint now, const std::string& whose,
                         const base::NextStep& next) {
  const auto expiry = net::jwt_expiry(token.reveal());
  if (!expiry || *expiry > now) return;
  throw Error(Kind::config, whose + " expired " + base::duration_in_words(now - *expiry) + " ago", next);
}

std::string connection_option(const config::Connection& connection) {
  if (connection.name.empty()) return " -x";
  return " -c " + config::name_in_command(connection.name);
}

std::string login_command(const config::Connection& connection) {
  return std::string{default_login} + connection_option(connection);
}

base::NextStep login_step(const config::Connection& connection, std::string_view rest) {
  return {login_command(connection) + std::string{rest}, base::Needs::terminal};
}

bool is_interactive(const config::Connection& connection) {
  if (connection.has("session_token")) return false;
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER" || name == "OAUTH_AUTHORIZATION_CODE" || name == "USERNAME_PASSWORD_MFA")
    return true;
  const bool by_password = name == "SNOWFLAKE" || name.starts_with("http");
  return by_password && connection.secret("password").empty();
}

bool may_be_interactive(const config::Connection& connection) {
  return is_interactive(connection) || connection.authenticator() == "SNOWFLAKE_JWT";
}

bool allows_login_without_user(const config::Connection& connection, std::string_view kind) {
  if (kind == session_kind) return true;
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER") return kind == id_token_kind;
  if (name == "OAUTH_AUTHORIZATION_CODE") return kind == access_token_kind || kind == refresh_token_kind;
  // An MFA token replaces the second factor only: without a stored password the user must type it.
  return kind == mfa_token_kind && name == "USERNAME_PASSWORD_MFA" && !connection.secret("password").empty();
}

}  // namespace snowflake
