// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/ci_tokens.hpp"

namespace snowflake {

/// What the connection says comes first: somebody wrote it down.
Attestation attest_with_oidc(const AuthContext& context) {
  const auto& connection = context.connection;
  const std::string path = connection.text("token_file_path");
  if (!path.empty() || connection.has("token")) {
    return attestation_of_jwt(required_token(connection, context.environment),
                              path.empty() ? "token in the connection" : "the token file " + path);
  }
  if (const auto found = token_of_ci(context)) return attestation_of_jwt(found->jwt, found->whose);
  throw base::Error(base::Kind::config,
                    "the connection has no token, and this is no job of a CI system that makes one",
                    "write token_file_path = \"...\" into the connection, or set SNOWFLAKE_TOKEN");
}

}  // namespace snowflake
