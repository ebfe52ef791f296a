// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "snowflake/auth/authenticator_factories.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

struct Row {
  std::string_view name;
  std::unique_ptr<Authenticator> (*make)(const AuthContext&);
};

constexpr std::array rows = {
    Row{"SNOWFLAKE", &sign_in_with_password},
    Row{"USERNAME_PASSWORD_MFA", &sign_in_with_password_and_mfa},
    Row{"SNOWFLAKE_JWT", &sign_in_with_key_pair},
    Row{"PROGRAMMATIC_ACCESS_TOKEN", &sign_in_with_programmatic_access_token},
    Row{"OAUTH", &sign_in_with_oauth_token},
    Row{"WORKLOAD_IDENTITY", &sign_in_with_workload_identity},
    Row{"PAT_WITH_EXTERNAL_SESSION", &refuse_token_with_external_session},
    Row{"EXTERNALBROWSER", &sign_in_with_browser},
    Row{"OAUTH_AUTHORIZATION_CODE", &sign_in_with_oauth_authorization_code},
    Row{"OAUTH_CLIENT_CREDENTIALS", &sign_in_with_oauth_client_credentials},
};

/// In the words of the Snowflake CLI. An empty value is no key.
void refuse_private_key(const AuthContext& context) {
  for (const char* key : {"private_key_file", "private_key_raw"}) {
    const auto value = context.connection.secret(key);
    if (value.empty()) continue;
    std::string hint = "write authenticator = \"SNOWFLAKE_JWT\" into the connection";
    for (const char* variable :
         {"SNOWFLAKE_PRIVATE_KEY_FILE", "SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_PRIVATE_KEY_RAW"}) {
      if (context.environment.non_empty(variable) == value.reveal())
        hint = "unset " + std::string{variable} + "; for a connection with a key pair, " + hint;
    }
    throw Error(Kind::config, "Private Key authentication requires authenticator set to SNOWFLAKE_JWT", hint);
  }
}

}  // namespace

std::unique_ptr<Authenticator> make_authenticator(const AuthContext& context) {
  const std::string name = context.connection.authenticator();
  if (name != "SNOWFLAKE_JWT") refuse_private_key(context);
  if (base::to_lower(name).starts_with("https://")) return sign_in_with_okta(context);
  const auto row = std::ranges::find(rows, name, &Row::name);
  if (row == rows.end()) {
    std::vector<std::string> names;
    for (const auto& known : rows) names.emplace_back(known.name);
    throw Error(
        Kind::config,
        "251007: Unknown authenticator: " + base::printable(context.connection.text("authenticator"), 100),
        "this version signs in with: " + base::join(names, ", "));
  }
  return row->make(context);
}

}  // namespace snowflake
