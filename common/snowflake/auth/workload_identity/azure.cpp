// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// Snowflake's application in Microsoft Entra, and the audience for exchanging tokens
/// (`snowflake/PROTOCOL.md` 3.8).
constexpr const char* snowflake_resource = "api://fd3f753b-eed3-462c-b6a7-a4b5bb650aad";
constexpr const char* exchange_audience = "api://AzureADTokenExchange";
constexpr const char* public_authority = "https://login.microsoftonline.com/";

std::string resource_of(const config::Connection& connection) {
  const std::string resource = connection.text("workload_identity_entra_resource");
  return resource.empty() ? snowflake_resource : resource;
}

/// Exchanges the JWT of another identity for a token of `client` at Entra.
base::Secret exchange(net::HttpClient& http, const std::string& authority, const std::string& tenant,
                      const std::string& client, const base::Secret& assertion, const std::string& resource) {
  if (net::parse_url(authority).scheme != "https") {
    throw Error(Kind::config, "AZURE_AUTHORITY_HOST does not begin with https://",
                "unset it, or correct it; in the public cloud it is " + std::string{public_authority});
  }
  net::Form form;
  form.add("grant_type", "client_credentials")
      .add("client_id", client)
      .add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
      .add("client_assertion", assertion.reveal())
      .add("scope", resource + "/.default");
  const auto request = form_request(
      authority + (authority.ends_with('/') ? "" : "/") + net::percent_encode(tenant) + "/oauth2/v2.0/token",
      form);
  return answer_of(http, request,
                   {"Entra", "check the client id " + base::printable(client, 60) +
                                 ", its federated credential and the tenant"},
                   "access_token");
}

/// The AKS webhook sets these variables in a pod, with the token of its service account.
std::optional<base::Secret> token_of_pod(const AuthContext& context) {
  const auto& environment = context.environment;
  const auto client = environment.non_empty("AZURE_CLIENT_ID");
  const auto tenant = environment.non_empty("AZURE_TENANT_ID");
  const auto file = environment.non_empty("AZURE_FEDERATED_TOKEN_FILE");
  if (!client || !tenant || !file) return std::nullopt;
  const auto assertion = base::read_text_file(*file);
  if (!assertion) return std::nullopt;
  return exchange(context.http, environment.non_empty("AZURE_AUTHORITY_HOST").value_or(public_authority),
                  *tenant, *client, base::Secret{base::trim(*assertion)}, resource_of(context.connection));
}

/// App Service, Functions and Container Apps have their own endpoint; virtual machines use the link-local
/// address.
base::Secret token_of_machine(const AuthContext& context, const std::string& resource) {
  const auto& environment = context.environment;

  const auto endpoint = environment.non_empty("IDENTITY_ENDPOINT");
  const auto header = environment.non_empty("IDENTITY_HEADER");
  if (endpoint && !header) {
    throw Error(Kind::config, "this Azure app has no managed identity: IDENTITY_HEADER is not set",
                "enable a managed identity for the app");
  }
  std::string url = endpoint.value_or("http://169.254.169.254/metadata/identity/oauth2/token");
  net::add_query(url, "api-version", endpoint ? "2019-08-01" : "2018-02-01");
  net::add_query(url, "resource", resource);
  if (const auto client = environment.non_empty("MANAGED_IDENTITY_CLIENT_ID"))
    net::add_query(url, "client_id", *client);
  auto request = metadata_request(url);
  request.headers = {endpoint ? std::pair<std::string, std::string>{"X-IDENTITY-HEADER", *header}
                              : std::pair<std::string, std::string>{"Metadata", "true"}};
  return answer_of(context.http, request,
                   {"the metadata service of Azure",
                    "run this on Azure with a managed identity; if there are several, select one with "
                    "MANAGED_IDENTITY_CLIENT_ID"},
                   "access_token");
}

/// The machine's identity, exchanged for that of an application in the same tenant.
base::Secret token_of_application(const AuthContext& context, const std::string& client) {
  const auto own = token_of_machine(context, exchange_audience);
  const auto claims = net::jwt_claims(own.reveal());
  const auto tenant = claims ? base::text_at(*claims, "tid") : std::nullopt;
  if (!tenant) {
    throw Error(Kind::network, "the token of this machine's managed identity has no tenant",
                "check the managed identity");
  }
  return exchange(context.http, public_authority, *tenant, client, own, resource_of(context.connection));
}

}  // namespace

Attestation attest_on_azure(const AuthContext& context) {
  const auto path = impersonation_path(context.connection);
  const auto from_pod = token_of_pod(context);
  if (path.size() > 1 || (from_pod && !path.empty())) {
    throw Error(Kind::config,
                from_pod ? "workload_identity_impersonation_path does not work on AKS"
                         : "workload_identity_impersonation_path has more than one client id",
                {"remove it from the connection, or use a single client id", base::Needs::connection});
  }
  if (from_pod) return attestation_of_jwt(*from_pod, "Entra");
  if (!path.empty()) return attestation_of_jwt(token_of_application(context, path.front()), "Entra");
  return attestation_of_jwt(token_of_machine(context, resource_of(context.connection)), "Azure");
}

}  // namespace snowflake
