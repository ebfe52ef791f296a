// SPDX-License-Identifier: Apache-2.0
#include "snowflake/login_identity.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "config/connection_keys.hpp"
#include "config/connection_values.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {
namespace {

std::string digest_of(const base::Secret& secret) {
  return net::base64url(net::sha256(secret.reveal())).substr(0, 22);
}

/// When the connection has no user, the token determines who logs in: a different token may be a different
/// user.
std::string identity_of_token(const config::Connection& connection, const base::Environment& environment) {
  if (connection.has("session_token")) return digest_of(connection.secret("session_token"));
  const bool has_token = connection.has("token") || connection.has("token_file_path");
  if (!has_token || !connection.text("user").empty()) return {};
  return digest_of(required_token(connection, environment));
}

/// The identity of a workload is not in the connection but in the job's environment.
void add_workload(base::Fingerprint& fingerprint, const config::Connection& connection,
                  const base::Environment& environment) {
  if (connection.authenticator() != "WORKLOAD_IDENTITY") return;
  for (const char* field : {"workload_identity_provider", "workload_identity_entra_resource",
                            "workload_identity_impersonation_path"}) {
    fingerprint.add(connection.text(field));
  }
  for (const auto& [name, value] : environment.all()) {
    if (config::is_ci_identity_variable(name)) fingerprint.add(name).add(value);
  }
}

/// Changes when the file of a token or key is replaced.
std::string times_of_files(const config::Connection& connection, const base::Environment& environment) {
  std::string times;
  for (const char* file : {"token_file_path", "private_key_file"}) {
    std::error_code ignored;
    const auto path = environment.expand_home(connection.text(file));
    const auto written = std::filesystem::last_write_time(path, ignored);
    times.append("/").append(std::to_string(written.time_since_epoch().count()));
  }
  return times;
}

/// Changes with the credential, and with nothing else of the connection.
std::string digest_of_credential(const config::Connection& connection, const base::Environment& environment) {
  std::string parts;
  for (const char* field : {"authenticator", "password", "passcode", "passcode_in_password", "token",
                            "token_file_path", "private_key_file", "private_key_raw",
                            "private_key_passphrase", "oauth_client_id", "oauth_client_secret"}) {
    const auto found = connection.fields.find(field);
    const auto value = found == connection.fields.end() ? std::string_view{} : found->second.reveal();
    parts.append(field).append(std::to_string(value.size())).append(value);
  }
  parts.append(times_of_files(connection, environment));
  parts.append(environment.get("PRIVATE_KEY_PASSPHRASE").value_or(""));
  return digest_of(base::Secret{std::move(parts)});
}

config::Connection checked(config::Connection connection, const base::Environment& environment) {
  config::check_values(connection, environment);
  return connection;
}

token::StoreKey owner_at(const config::Account& account, const config::Connection& connection) {
  const std::string port = account.port == 443 ? "" : ":" + std::to_string(account.port);
  return {
      .kind = {}, .host = account.host + port, .user = base::to_upper(connection.text("user")), .detail = {}};
}

token::StoreKey key_of_login(const config::Connection& connection, const config::Account& account,
                             const base::Environment& environment) {
  base::Fingerprint rest;
  for (const char* field : {"secondary_roles", "database", "schema", "warehouse", "session_parameters"}) {
    rest.add(connection.text(field));
  }
  rest.add(connection.authenticator()).add(account.name).add(account.protocol);
  rest.add(identity_of_token(connection, environment));
  add_workload(rest, connection, environment);
  auto key = owner_at(account, connection);
  key.detail = base::to_upper(connection.text("role")) + "/" + rest.hex();
  return key;
}

}  // namespace

token::StoreKey owner_of(const config::Connection& connection) {
  return owner_at(config::account_of(connection), connection);
}

LoginIdentity::LoginIdentity(config::Connection unchecked, const base::Environment& environment)
    : connection(checked(std::move(unchecked), environment)),
      account(config::account_of(connection)),
      key(key_of_login(connection, account, environment)) {}

LoginIdentity::LoginIdentity(config::Connection unchecked, const base::Environment& environment,
                             token::StoreKey key_of_caller)
    : connection(checked(std::move(unchecked), environment)),
      account(config::account_of(connection)),
      key(std::move(key_of_caller)) {}

token::StoreKey LoginIdentity::key_of(std::string kind) const {
  token::StoreKey result = key;
  result.kind = std::move(kind);
  return result;
}

token::LoginSubject LoginIdentity::subject(const config::ConfigFingerprint& configuration,
                                           const base::Environment& environment) const {
  const auto times = times_of_files(connection, environment);
  return {key, configuration.value + times, configuration.without_secrets + times,
          digest_of_credential(connection, environment)};
}

}  // namespace snowflake
