// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "kubernetes/manifests.hpp"
#include "net/crypto.hpp"
#include "output/time_text.hpp"

namespace plugin::kubernetes {
namespace {

constexpr const char* expiry_annotation = "snowflake.com/expires-at";

}  // namespace

std::string docker_config(const docker::Credential& credential) {
  const std::string password{credential.secret.reveal()};
  const base::OrderedJson json = {{"auths",
                                   {{credential.server_url,
                                     {{"username", credential.username},
                                      {"password", password},
                                      {"auth", net::base64(credential.username + ":" + password)}}}}}};
  return json.dump();
}

std::string pull_secret_json(const PullSecret& secret, const docker::Credential& credential,
                             base::TimePoint expires_at) {
  base::OrderedJson metadata = {{"name", secret.name}};
  if (!secret.name_space.empty()) metadata["namespace"] = secret.name_space;
  metadata["annotations"] = {{expiry_annotation, output::iso_time(expires_at)}};
  metadata["labels"] = {{"app.kubernetes.io/name", "docker-credential-snowflake"}};
  const base::OrderedJson json = {{"apiVersion", "v1"},
                                  {"kind", "Secret"},
                                  {"metadata", metadata},
                                  {"type", "kubernetes.io/dockerconfigjson"},
                                  {"data", {{".dockerconfigjson", net::base64(docker_config(credential))}}}};
  return json.dump(2) + '\n';
}

std::string pull_secret_yaml(const PullSecret& secret, const docker::Credential& credential,
                             base::TimePoint expires_at) {
  std::string text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: " + secret.name + "\n";
  if (!secret.name_space.empty()) text += "  namespace: " + secret.name_space + "\n";
  text += "  annotations:\n    " + std::string{expiry_annotation} + ": \"" + output::iso_time(expires_at) +
          "\"\n";
  text += "  labels:\n    app.kubernetes.io/name: docker-credential-snowflake\n";
  text += "type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ";
  return text + net::base64(docker_config(credential)) + "\n";
}

}  // namespace plugin::kubernetes
