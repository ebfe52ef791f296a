// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "base/text.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubernetes/manifest_text.hpp"
#include "kubernetes/manifests.hpp"
#include "net/crypto.hpp"
#include "output/units.hpp"

namespace plugin::kubernetes {
namespace {

constexpr const char* expiry_annotation = "snowflake.com/expires-at";

/// Where a pod finds a token of its service account for Snowflake.
constexpr std::string_view projected_directory = "/var/run/secrets/snowflakecomputing.com/serviceaccount";

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
  if (!secret.kube_namespace.empty()) metadata["namespace"] = secret.kube_namespace;
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
  return object("v1", "Secret", secret.name, secret.kube_namespace) + "  annotations:\n    " +
         expiry_annotation + ": \"" + output::iso_time(expires_at) +
         "\"\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: " +
         net::base64(docker_config(credential)) + "\n";
}

std::string cronjob(const PullSecret& secret, const std::vector<std::string>& kube_namespaces,
                    const std::string& image, std::string_view account) {
  const auto list = base::join(kube_namespaces, " ");
  const std::string pod = filled(R"(metadata:
  labels:
    %label%
spec:
  serviceAccountName: snowflake-pull-secret
  restartPolicy: OnFailure
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: renew
      image: %image%
      command: ["renew-pull-secrets"]
      args: ["%host%", "%name%", "%list%"]
      env:
        - {name: SNOWFLAKE_ACCOUNT, value: "%account%"}
        - {name: SNOWFLAKE_AUTHENTICATOR, value: WORKLOAD_IDENTITY}
        - {name: SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER, value: OIDC}
        - {name: HOME, value: /work}
      resources:
        requests: {cpu: 10m, memory: 32Mi}
        limits: {memory: 128Mi}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: ["ALL"]}
      volumeMounts:
        - {name: work, mountPath: /work}
        - {name: snowflake-token, mountPath: %directory%, readOnly: true}
  volumes:
    - name: work
      emptyDir: {medium: Memory, sizeLimit: 4Mi}
    - name: snowflake-token
      projected:
        sources:
          - serviceAccountToken: {audience: %audience%, expirationSeconds: 3600, path: token}
)",
                                 {{"label", label},
                                  {"image", image},
                                  {"host", secret.host},
                                  {"name", secret.name},
                                  {"list", list},
                                  {"account", account},
                                  {"directory", projected_directory},
                                  {"audience", kubelet::token_audience}});
  constexpr std::string_view own_name = "snowflake-pull-secret";
  const auto& home = kube_namespaces.front();
  std::string text = filled(
      R"(# Renews the pull secret %name% in: %list%
# Pods use it with imagePullSecrets: [{name: %name%}]. A token is valid for an hour, and is renewed every 20 minutes.
# Snowflake needs a user with the identity of this service account:
#   docker snowflake kubernetes sql --namespace %home% --service-account %own%
# Applying this again empties the secrets until the next run: delete the Job first, and it runs at once.
%account%)",
      {{"name", secret.name},
       {"list", list},
       {"home", home},
       {"own", own_name},
       {"account", object("v1", "ServiceAccount", own_name, home)}});
  for (const auto& kube_namespace : kube_namespaces) {
    text += filled(
        R"(---
# Empty until the first run, so that the job need not create secrets: RBAC cannot limit that right to one name.
%secret%type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths":{}}'
---
%role%rules:
  - apiGroups: [""]
    resources: ["secrets"]
    resourceNames: ["%name%"]
    verbs: ["patch"]
---
%binding%subjects:
  - kind: ServiceAccount
    name: %own%
    namespace: %home%
)",
        {{"secret", object("v1", "Secret", secret.name, kube_namespace)},
         {"role", object(rbac_version, "Role", own_name, kube_namespace)},
         {"binding", role_binding(own_name, kube_namespace)},
         {"name", secret.name},
         {"own", own_name},
         {"home", home}});
  }
  constexpr const char* job = R"(backoffLimit: 4
activeDeadlineSeconds: 300
template:
)";
  const std::string job_spec = job + indented(pod, 2);
  text += filled(R"(---
%cronjob%spec:
  schedule: "*/20 * * * *"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 300
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
)",
                 {{"cronjob", object("batch/v1", "CronJob", own_name, home)}});
  text += indented(job_spec, 6) + "---\n# The first run, so that no pod waits for the schedule.\n";
  text += object("batch/v1", "Job", std::string{own_name} + "-first", home) + "spec:\n";
  return text + indented(job_spec, 2);
}

std::string external_secret(const PullSecret& secret, const std::string& url) {
  const std::string template_text =
      R"({"auths":{)" + quoted(secret.host) +
      R"(:{"username":{{ .username | toJson }},"password":{{ .password | toJson }}}}})";
  constexpr std::string_view generators = "generators.external-secrets.io/v1alpha1";
  return filled(
      R"(# The service at the URL answers {"username": ..., "password": ...}. The password is itself JSON: toJson escapes
# its quotes.
%webhook%spec:
  url: %url%
  result:
    jsonPath: "$"
---
%externalsecret%spec:
  refreshInterval: 20m
  dataFrom:
    - sourceRef:
        generatorRef:
          apiVersion: %generators%
          kind: Webhook
          name: %name%
  target:
    name: %name%
    template:
      type: kubernetes.io/dockerconfigjson
      data:
        .dockerconfigjson: '%template%'
)",
      {{"webhook", object(generators, "Webhook", secret.name, secret.kube_namespace)},
       {"externalsecret",
        object("external-secrets.io/v1", "ExternalSecret", secret.name, secret.kube_namespace)},
       {"generators", generators},
       {"name", secret.name},
       {"url", quoted(url)},
       {"template", template_text}});
}

}  // namespace plugin::kubernetes
