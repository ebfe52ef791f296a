// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"

namespace snowflake {
namespace {

constexpr const char* account_url =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/";

Service gcp_metadata_service() {
  return {"the metadata service of Google Cloud",
          "run this on Google Cloud with a service account attached; GKE needs Workload Identity"};
}

net::HttpRequest account_request(const std::string& path) {
  auto request = metadata_request(account_url + path);
  request.headers = {{"Metadata-Flavor", "Google"}};
  return request;
}

/// A token of the last account in an impersonation chain that begins at this machine's account
/// (`snowflake/PROTOCOL.md` 3.8).
base::Secret impersonated_token(net::HttpClient& http, const std::vector<std::string>& path) {
  const auto own = answer_of(http, account_request("token"), gcp_metadata_service(), "access_token");
  const std::string prefix = "projects/-/serviceAccounts/";
  base::Json delegates = base::Json::array();
  for (std::size_t index = 0; index + 1 < path.size(); ++index) delegates.push_back(prefix + path[index]);

  auto request = service_request("https://iamcredentials.googleapis.com/v1/" + prefix +
                                 net::percent_encode(path.back()) + ":generateIdToken");
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.authorization = base::Secret::join({"Bearer ", own.reveal()});
  request.body =
      base::Secret{base::dump_json(base::Json{{"delegates", delegates}, {"audience", snowflake_audience}})};
  return answer_of(
      http, request,
      {"Google Cloud, when asked for a token of " + base::printable(path.back(), 100) + ",",
       "grant roles/iam.serviceAccountOpenIdTokenCreator on it to the previous account of the path"},
      "token");
}

}  // namespace

Attestation attest_on_gcp(const AuthContext& context) {
  const auto path = impersonation_path(context.connection);
  const auto token =
      path.empty()
          ? answer_of(context.http, account_request("identity?audience=" + std::string{snowflake_audience}),
                      gcp_metadata_service())
          : impersonated_token(context.http, path);
  return attestation_of_jwt(base::Secret{base::trim(token.reveal())}, "Google Cloud");
}

}  // namespace snowflake
