// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"

namespace snowflake {
namespace {

/// A token from the CI system or cluster in which this program runs.
struct FoundToken {
  base::Secret jwt;
  std::string whose;  ///< "GitHub Actions"
};

using Found = std::optional<base::Secret>;

/// The path of a projected service account token for Snowflake, if the pod has one. The default token of a
/// pod is for the cluster itself, and must not be sent elsewhere.
constexpr const char* projected_token = "/var/run/secrets/snowflakecomputing.com/serviceaccount/token";

std::string audience(const base::Environment& environment) {
  return environment.non_empty("SNOWFLAKE_AUDIENCE").value_or(snowflake_audience);
}

base::Secret bearer(const std::string& token) { return base::Secret::join({"Bearer ", token}); }

/// GitHub docs, "OpenID Connect reference": a job with the permission id-token: write gets these variables.
Found from_github(const AuthContext& context) {
  auto url = context.environment.non_empty("ACTIONS_ID_TOKEN_REQUEST_URL");
  const auto token = context.environment.non_empty("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (!url || !token) return std::nullopt;
  net::add_query(*url, "audience", audience(context.environment));
  auto request = service_request(*url);
  request.headers = {{"Accept", "application/json"}};
  request.authorization = bearer(*token);
  return answer_of(context.http, request, {"GitHub Actions", "check permissions: id-token: write of the job"},
                   "value");
}

/// Azure Pipelines, REST "Oidctoken - Create". The audience is always api://AzureADTokenExchange.
Found from_azure_pipelines(const AuthContext& context) {
  auto url = context.environment.non_empty("SYSTEM_OIDCREQUESTURI");
  const auto token = context.environment.non_empty("SYSTEM_ACCESSTOKEN");
  if (!url || !token) return std::nullopt;
  net::add_query(*url, "api-version", "7.1");
  if (const auto connection = context.environment.non_empty("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"))
    net::add_query(*url, "serviceConnectionId", *connection);
  auto request = service_request(*url);
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.authorization = bearer(*token);
  return answer_of(context.http, request,
                   {"Azure Pipelines", "check env: SYSTEM_ACCESSTOKEN: $(System.AccessToken) of the step"},
                   "oidcToken");
}

/// The API request of `buildkite-agent oidc request-token`, without starting that program. The usual subject
/// contains the commit; the agent's variable chooses a claim that Snowflake can know, such as pipeline_id
/// (https://github.com/buildkite/agent/pull/3784).
Found from_buildkite(const AuthContext& context) {
  const auto job = context.environment.non_empty("BUILDKITE_JOB_ID");
  const auto token = context.environment.non_empty("BUILDKITE_AGENT_ACCESS_TOKEN");
  if (!job || !token) return std::nullopt;
  const std::string api =
      context.environment.non_empty("BUILDKITE_AGENT_ENDPOINT").value_or("https://agent.buildkite.com/v3");
  auto request = service_request(api + (api.ends_with('/') ? "" : "/") + "jobs/" + net::percent_encode(*job) +
                                 "/oidc/tokens");
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.authorization = base::Secret::join({"Token ", *token});
  base::Json body{{"audience", audience(context.environment)}};
  if (const auto claim = context.environment.non_empty("BUILDKITE_OIDC_TOKEN_SUBJECT_CLAIM"))
    body["subject_claim"] = *claim;
  request.body = base::Secret{base::dump_json(body)};
  return answer_of(context.http, request, {"Buildkite", "the agent must have version 3.41 or later"},
                   "token");
}

Found token_in_variables(const AuthContext& context, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto token = context.environment.non_empty(name)) return base::Secret{base::trim(*token)};
  }
  return std::nullopt;
}

/// GitLab docs, `id_tokens`: the name of the variable is set in .gitlab-ci.yml.
Found from_gitlab(const AuthContext& context) { return token_in_variables(context, {"SNOWFLAKE_ID_TOKEN"}); }

/// CircleCI docs, "OpenID Connect tokens". The audience is the organization's id.
Found from_circleci(const AuthContext& context) {
  return token_in_variables(context, {"CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"});
}

Found from_bitbucket(const AuthContext& context) {
  return token_in_variables(context, {"BITBUCKET_STEP_OIDC_TOKEN"});
}

Found from_kubernetes(const AuthContext&) {
  const auto text = base::read_text_file(projected_token);
  if (!text) return std::nullopt;
  return base::Secret{base::trim(*text)};
}

struct CiSystem {
  const char* name;
  const char* marker;  ///< the variable that identifies it
  Found (*token)(const AuthContext&);
  const char* requirement;  ///< for a job to get a token
};

constexpr std::array ci_systems = {
    CiSystem{"GitHub Actions", "GITHUB_ACTIONS", &from_github, "permissions: id-token: write"},
    CiSystem{"GitLab CI", "GITLAB_CI", &from_gitlab,
             "id_tokens: SNOWFLAKE_ID_TOKEN: aud: snowflakecomputing.com"},
    CiSystem{"Azure Pipelines", "TF_BUILD", &from_azure_pipelines,
             "env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)"},
    CiSystem{"CircleCI", "CIRCLECI", &from_circleci, "a context, which CIRCLE_OIDC_TOKEN_V2 requires"},
    CiSystem{"Buildkite", "BUILDKITE", &from_buildkite, "BUILDKITE_AGENT_ACCESS_TOKEN from the agent"},
    CiSystem{"Bitbucket Pipelines", "BITBUCKET_BUILD_NUMBER", &from_bitbucket, "oidc: true"},
    CiSystem{"Kubernetes", "KUBERNETES_SERVICE_HOST", &from_kubernetes,
             "a projected serviceAccountToken with audience snowflakecomputing.com at "
             "/var/run/secrets/snowflakecomputing.com/serviceaccount/token"},
};

bool has_expired(const base::Secret& jwt, const AuthContext& context) {
  const auto expiry = net::jwt_expiry(jwt.reveal());
  return expiry && *expiry <= context.clock.now();
}

/// The token of the CI system or cluster in which this program runs, for the audience SNOWFLAKE_AUDIENCE (by
/// default snowflakecomputing.com) where that can be chosen. Absent when it runs in none of them. Throws
/// `config` when the job has no token, with the requirement for one, and like `answer_of`.
std::optional<FoundToken> token_of_ci(const AuthContext& context) {
  for (const auto& ci : ci_systems) {
    auto token = ci.token(context);
    if (!token) continue;
    // GitLab's tokens live for five minutes by default, and a job may take longer.
    require_not_expired(
        *token, context.clock.now(), std::string{"the OIDC token of "} + ci.name,
        "log in earlier in the job, or increase the lifetime of its tokens; check the clock of this machine");
    return FoundToken{std::move(*token), ci.name};
  }
  for (const auto& ci : ci_systems) {
    if (!context.environment.non_empty(ci.marker)) continue;
    throw base::Error(base::Kind::config, std::string{"this "} + ci.name + " job has no OIDC token",
                      std::string{"the job needs: "} + ci.requirement);
  }
  return std::nullopt;
}

}  // namespace

bool requests_token_from_ci(const base::Environment& environment) {
  return environment
      .first_of({"ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI", "BUILDKITE_AGENT_ACCESS_TOKEN"})
      .has_value();
}

// A token in the connection takes precedence: the user has configured it.
Attestation attest_with_oidc(const AuthContext& context) {
  const auto& connection = context.connection;
  const std::string path = connection.text("token_file_path");
  const bool has_token = !path.empty() || !connection.secret("token").empty();
  if (has_token) {
    const auto token = required_token(connection, context.environment);
    const std::string whose = path.empty() ? "the connection" : "the token file " + path;
    if (!has_expired(token, context)) return attestation_of_jwt(token, whose);
    // The CI system may issue a new one: the token of Snowflake's own action lasts only an hour.
    if (const auto found = token_of_ci(context)) return attestation_of_jwt(found->jwt, found->whose);
    // This machine's clock may be wrong: let Snowflake decide.
    return attestation_of_jwt(token, whose);
  }
  if (const auto found = token_of_ci(context)) return attestation_of_jwt(found->jwt, found->whose);
  throw base::Error(
      base::Kind::config, "the connection has no token, and this is not a CI job that can get one",
      {"set token_file_path = \"...\" in the connection, or SNOWFLAKE_TOKEN", base::Needs::connection});
}

}  // namespace snowflake
