// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/requirements.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"

namespace snowflake {
namespace {

/// A token that the place where this runs makes for whoever runs there.
struct FoundToken {
  base::Secret jwt;
  std::string whose;  ///< "GitHub Actions"
};

using Found = std::optional<base::Secret>;

/// Where a pod finds a token that its service account has for Snowflake, if it was given one. The usual token
/// of a pod is for the cluster itself, and nobody else's business.
constexpr const char* projected_token = "/var/run/secrets/snowflakecomputing.com/serviceaccount/token";

std::string audience(const base::Environment& environment) {
  return environment.non_empty("SNOWFLAKE_AUDIENCE").value_or(snowflake_audience);
}

/// `url` as the place gave it, with one more parameter.
std::string with_parameter(const std::string& url, const std::string& name, const std::string& value) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + name + "=" + net::percent_encode(value);
}

base::Secret bearer(const std::string& token) { return base::Secret{"Bearer " + token}; }

/// GitHub docs, "OpenID Connect reference": a job that may write id-token is told where to ask.
Found from_github(const AuthContext& context) {
  const auto url = context.environment.non_empty("ACTIONS_ID_TOKEN_REQUEST_URL");
  const auto token = context.environment.non_empty("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (!url || !token) return std::nullopt;
  auto request = service_request(with_parameter(*url, "audience", audience(context.environment)));
  request.headers = {{"Accept", "application/json"}};
  request.authorization = bearer(*token);
  return answer_of(context.http, request, {"GitHub Actions", "check permissions: id-token: write of the job"},
                   "value");
}

/// Azure Pipelines, REST "Oidctoken - Create". The audience is always api://AzureADTokenExchange.
Found from_azure_pipelines(const AuthContext& context) {
  const auto url = context.environment.non_empty("SYSTEM_OIDCREQUESTURI");
  const auto token = context.environment.non_empty("SYSTEM_ACCESSTOKEN");
  if (!url || !token) return std::nullopt;
  std::string address = with_parameter(*url, "api-version", "7.1");
  if (const auto connection = context.environment.non_empty("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"))
    address = with_parameter(address, "serviceConnectionId", *connection);
  auto request = service_request(address);
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.authorization = bearer(*token);
  return answer_of(context.http, request,
                   {"Azure Pipelines", "check env: SYSTEM_ACCESSTOKEN: $(System.AccessToken) of the step"},
                   "oidcToken");
}

/// What `buildkite-agent oidc request-token` asks its own API for. No process is started for it.
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
  request.authorization = base::Secret{"Token " + *token};
  request.body = base::Secret{base::Json{{"audience", audience(context.environment)}}.dump()};
  return answer_of(context.http, request, {"Buildkite", "the agent has to be of version 3.41 or later"},
                   "token");
}

Found from_variables(const AuthContext& context, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto token = context.environment.non_empty(name)) return base::Secret{base::trim(*token)};
  }
  return std::nullopt;
}

/// GitLab docs, `id_tokens`: the job file chooses the name of the variable.
Found from_gitlab(const AuthContext& context) { return from_variables(context, {"SNOWFLAKE_ID_TOKEN"}); }

/// CircleCI docs, "OpenID Connect tokens". The audience is the organization's id.
Found from_circleci(const AuthContext& context) {
  return from_variables(context, {"CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"});
}

Found from_bitbucket(const AuthContext& context) {
  return from_variables(context, {"BITBUCKET_STEP_OIDC_TOKEN"});
}

Found from_kubernetes(const AuthContext&) {
  const auto text = base::read_text_file(projected_token);
  if (!text) return std::nullopt;
  return base::Secret{base::trim(*text)};
}

struct Row {
  const char* name;
  const char* sign;  ///< the variable by which the place is known
  Found (*token)(const AuthContext&);
  const char* what_to_switch_on;
};

constexpr std::array rows = {
    Row{"GitHub Actions", "GITHUB_ACTIONS", &from_github, "permissions: id-token: write"},
    Row{"GitLab CI", "GITLAB_CI", &from_gitlab, "id_tokens: SNOWFLAKE_ID_TOKEN: aud: snowflakecomputing.com"},
    Row{"Azure Pipelines", "TF_BUILD", &from_azure_pipelines,
        "env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)"},
    Row{"CircleCI", "CIRCLECI", &from_circleci, "a context, without which no CIRCLE_OIDC_TOKEN_V2 is made"},
    Row{"Buildkite", "BUILDKITE", &from_buildkite,
        "an agent that hands BUILDKITE_AGENT_ACCESS_TOKEN to the job"},
    Row{"Bitbucket Pipelines", "BITBUCKET_BUILD_NUMBER", &from_bitbucket, "oidc: true"},
    Row{"Kubernetes", "KUBERNETES_SERVICE_HOST", &from_kubernetes,
        "a projected serviceAccountToken with audience snowflakecomputing.com at "
        "/var/run/secrets/snowflakecomputing.com/serviceaccount/token"},
};

/// Looks for GitHub Actions, GitLab CI, Azure Pipelines, CircleCI, Buildkite, Bitbucket Pipelines and
/// Kubernetes, each as it documents it, and asks for a token for SNOWFLAKE_AUDIENCE (else
/// snowflakecomputing.com) where one can be asked for. Absent when this is none of them. Throws `config` with
/// what has to be switched on when it is one and gives no token, and as `answer_of`.
std::optional<FoundToken> token_of_ci(const AuthContext& context) {
  for (const auto& row : rows) {
    if (auto token = row.token(context)) return FoundToken{std::move(*token), row.name};
  }
  for (const auto& row : rows) {
    if (!context.environment.non_empty(row.sign)) continue;
    throw base::Error(base::Kind::config,
                      std::string{"this job of "} + row.name + " has no token to sign in with",
                      std::string{"give the job: "} + row.what_to_switch_on);
  }
  return std::nullopt;
}

bool has_expired(const base::Secret& jwt, const AuthContext& context) {
  const auto expiry = net::expiry_of_jwt(jwt.reveal());
  return expiry && *expiry <= context.clock.now();
}

}  // namespace

// What the connection says comes first: a user wrote it down.
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
