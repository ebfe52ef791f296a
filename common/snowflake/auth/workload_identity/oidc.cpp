// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "net/jwt.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/ci_tokens.hpp"

namespace snowflake {

/// What the connection says comes first: somebody wrote it down.
namespace {

bool has_expired(const base::Secret& jwt, const AuthContext& context) {
  const auto expiry = net::expiry_of_jwt(jwt.reveal());
  return expiry && *expiry <= context.clock.now();
}

}  // namespace

Attestation attest_with_oidc(const AuthContext& context) {
  const auto& connection = context.connection;
  const std::string path = connection.text("token_file_path");
  const bool has_token = !path.empty() || connection.has("token");
  if (has_token) {
    const auto token = required_token(connection, context.environment);
    const std::string whose = path.empty() ? "token in the connection" : "the token file " + path;
    if (!has_expired(token, context)) return attestation_of_jwt(token, whose);
    // The job may make a new one: an official action leaves its token behind for an hour only.
    if (const auto found = token_of_ci(context)) return attestation_of_jwt(found->jwt, found->whose);
    // By our clock, which may be wrong: Snowflake's decides.
    return attestation_of_jwt(token, whose);
  }
  if (const auto found = token_of_ci(context)) return attestation_of_jwt(found->jwt, found->whose);
  throw base::Error(base::Kind::config,
                    "the connection has no token, and this is not a job of a CI system that makes one",
                    "write token_file_path = \"...\" into the connection, or set SNOWFLAKE_TOKEN");
}

}  // namespace snowflake
