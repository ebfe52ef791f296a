// SPDX-License-Identifier: Apache-2.0
#include "config/connection_keys.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace config {
namespace {

using ValueKind = ConnectionKey::Kind;
using Option = ConnectionKey::Option;

constexpr bool secret = true;
constexpr bool not_secret = false;
constexpr bool variable = true;

constexpr auto keys = std::to_array<ConnectionKey>({
    {"host", "", ValueKind::host, not_secret, variable, Option::value, "--host",
     "Host address for the connection"},
    {"port", "", ValueKind::number, not_secret, variable, Option::value, "--port", "Port for the connection"},
    {"protocol", "", ValueKind::word, not_secret, variable, Option::value, "--protocol",
     "https, or http to a loopback address"},
    {"region", "", ValueKind::word},
    {"account", "", ValueKind::account, not_secret, variable, Option::value, "--account,--accountname",
     "Account, as <organization>-<account>"},
    {"user", "", ValueKind::user, not_secret, variable, Option::value, "--user,--username", "User name"},
    {"password", "", ValueKind::password, secret, variable, Option::value, "--password",
     "Password; prefer SNOWFLAKE_PASSWORD, since other users can see command lines"},
    {"passcode", "", ValueKind::token, secret},
    {"passcode_in_password", "", ValueKind::word},
    {"authenticator", "", ValueKind::word, not_secret, variable, Option::value, "--authenticator",
     "SNOWFLAKE (password), USERNAME_PASSWORD_MFA, EXTERNALBROWSER, SNOWFLAKE_JWT (key pair), "
     "PROGRAMMATIC_ACCESS_TOKEN, OAUTH, OAUTH_AUTHORIZATION_CODE, OAUTH_CLIENT_CREDENTIALS, "
     "WORKLOAD_IDENTITY, or the URL of an Okta organization"},
    {"private_key_file", "private_key_path", ValueKind::path, not_secret, variable, Option::value,
     "--private-key-file,--private-key-path", "File with the private key"},
    {"private_key_raw", "", ValueKind::key, secret, variable},
    {"private_key_passphrase", "private_key_file_pwd", ValueKind::password, secret},
    {"token", "", ValueKind::token, secret, variable, Option::value, "--token",
     "OAuth token, or programmatic access token"},
    {"token_file_path", "", ValueKind::path, not_secret, variable, Option::value, "--token-file-path",
     "File with the token"},
    {"session_token", "", ValueKind::token, secret, variable, Option::hidden_value, "--session-token",
     "Token of an open session, with --master-token"},
    {"master_token", "", ValueKind::token, secret, variable, Option::hidden_value, "--master-token",
     "Master token of that session, with --session-token"},
    {"database", "", ValueKind::identifier, not_secret, variable, Option::value, "--database,--dbname",
     "Database to use"},
    {"schema", "", ValueKind::identifier, not_secret, variable, Option::value, "--schema,--schemaname",
     "Schema to use"},
    {"role", "", ValueKind::identifier, not_secret, variable, Option::value, "--role,--rolename",
     "Role to use"},
    {"warehouse", "", ValueKind::identifier, not_secret, variable, Option::value, "--warehouse",
     "Warehouse to use"},
    {"secondary_roles", "", ValueKind::word, not_secret, variable, Option::value, "--secondary-roles",
     "ALL, NONE or DEFAULT"},
    {"session_parameters", "", ValueKind::text, secret},
    {"oauth_client_id", "", ValueKind::word, not_secret, variable, Option::value, "--oauth-client-id",
     "Client id at the OAuth identity provider"},
    {"oauth_client_secret", "", ValueKind::password, secret, variable, Option::value, "--oauth-client-secret",
     "Client secret at the OAuth identity provider"},
    {"oauth_authorization_url", "", ValueKind::url, secret, variable, Option::value,
     "--oauth-authorization-url", "Authorization URL of the identity provider"},
    {"oauth_token_request_url", "", ValueKind::url, secret, variable, Option::value,
     "--oauth-token-request-url", "Token URL of the identity provider"},
    {"oauth_redirect_uri", "", ValueKind::url, not_secret, variable, Option::value, "--oauth-redirect-uri",
     "URI to which the identity provider redirects the browser"},
    {"oauth_scope", "", ValueKind::text, not_secret, variable, Option::value, "--oauth-scope",
     "Scope to request from the identity provider"},
    {"oauth_credentials_in_body", "", ValueKind::word},
    {"oauth_disable_pkce", "", ValueKind::word, not_secret, variable, Option::flag, "--oauth-disable-pkce",
     "Do not use Proof Key for Code Exchange (PKCE)"},
    {"oauth_enable_refresh_tokens", "", ValueKind::word, not_secret, variable, Option::flag,
     "--oauth-enable-refresh-tokens", "Ask for refresh tokens"},
    {"oauth_enable_single_use_refresh_tokens", "", ValueKind::word, not_secret, variable, Option::flag,
     "--oauth-enable-single-use-refresh-tokens", "Ask for single-use refresh tokens"},
    {"workload_identity_provider", "", ValueKind::word, not_secret, variable, Option::value,
     "--workload-identity-provider", "AWS, AZURE, GCP or OIDC"},
    {"workload_identity_entra_resource", "", ValueKind::word},
    {"workload_identity_impersonation_path", "", ValueKind::text},
    {"client_store_temporary_credential", "", ValueKind::word, not_secret, variable, Option::flag,
     "--client-store-temporary-credential", "Store credentials for the next login"},
    {"client_session_keep_alive", "", ValueKind::word},
    {"server_session_keep_alive", "", ValueKind::word, not_secret, variable, Option::flag,
     "--server-session-keep-alive", "Accepted for compatibility; sessions are never closed"},
    {"proxy_host", "", ValueKind::host},
    {"proxy_port", "", ValueKind::number},
    {"proxy_user", "", ValueKind::password, secret},
    {"proxy_password", "", ValueKind::password, secret},
    {"no_proxy", "", ValueKind::text},
    {"login_timeout", "", ValueKind::number},
    {"network_timeout", "", ValueKind::number},
    {"external_browser_timeout", "", ValueKind::number},
    {"disable_console_login", "", ValueKind::word},
    {"disable_saml_url_check", "", ValueKind::word},
    {"passcode_at_terminal", "", ValueKind::text},
});

constexpr std::string_view connections_prefix = "SNOWFLAKE_CONNECTIONS_";

bool has_secret_word(std::string_view name) {
  constexpr auto words = std::to_array<std::string_view>(
      {"PASSWORD", "TOKEN", "SECRET", "PASSPHRASE", "PASSCODE", "PRIVATE_KEY"});
  return std::ranges::any_of(
      words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

}  // namespace

std::span<const ConnectionKey> connection_keys() { return keys; }

const ConnectionKey* find_connection_key(std::string_view key) {
  const auto found = std::ranges::find_if(keys, [&](const ConnectionKey& known) {
    return known.name == key || (!known.alias.empty() && known.alias == key);
  });
  return found == keys.end() ? nullptr : &*found;
}

std::string_view canonical_key(std::string_view key) {
  const auto* known = find_connection_key(key);
  return known == nullptr ? key : known->name;
}

ConnectionKey::Kind kind_of(std::string_view key) {
  const auto* known = find_connection_key(key);
  return known == nullptr ? ValueKind::text : known->kind;
}

bool may_hold_secret(std::string_view key) {
  const auto* known = find_connection_key(key);
  return known == nullptr || known->may_hold_secret;
}

bool variable_may_hold_secret(std::string_view name) {
  if (name == "PRIVATE_KEY_PASSPHRASE" || name == "SNOWFLAKE_CONNECTIONS") return true;
  const std::string lower = base::to_lower(name);
  const auto ends_with = [&](std::string_view key) {
    return !key.empty() && lower.ends_with(key) && lower[lower.size() - key.size() - 1] == '_';
  };
  if (name.starts_with(connections_prefix)) {
    // The name of the connection may contain underscores: the longest matching key wins.
    const ConnectionKey* best = nullptr;
    std::size_t length = 0;
    for (const auto& known : keys) {
      for (const auto key : {known.name, known.alias}) {
        if (key.size() <= length || !ends_with(key)) continue;
        best = &known;
        length = key.size();
      }
    }
    return best == nullptr || best->may_hold_secret;
  }
  if (!name.starts_with("SNOWFLAKE_")) return false;
  const auto* known =
      find_connection_key(std::string_view{lower}.substr(std::string_view{"snowflake_"}.size()));
  if (known != nullptr) return known->may_hold_secret;
  // A variable of another program, or of a future version of the Snowflake CLI.
  return has_secret_word(name);
}

bool is_hidden_from_children(std::string_view name) {
  // Some users put a key or a token where its path belongs.
  return variable_may_hold_secret(name) || (name.starts_with("SNOWFLAKE_") && has_secret_word(name));
}

bool is_ci_identity_variable(std::string_view name) {
  // GitHub's token for requesting tokens differs between the jobs of a matrix, which share all other
  // variables.
  constexpr auto names = std::to_array<std::string_view>(
      {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
       "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "BITBUCKET_STEP_UUID",
       "BUILDKITE_JOB_ID", "CIRCLE_WORKFLOW_JOB_ID", "CI_JOB_ID", "GITHUB_JOB", "GITHUB_RUN_ATTEMPT",
       "GITHUB_RUN_ID", "IDENTITY_ENDPOINT", "MANAGED_IDENTITY_CLIENT_ID", "SYSTEM_JOBID"});
  return std::ranges::find(names, name) != names.end();
}

}  // namespace config
