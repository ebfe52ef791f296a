// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/manifests.hpp"

#include <algorithm>
#include <filesystem>

#include "base/json.hpp"
#include "kubelet/provider_entry.hpp"

namespace plugin::kubernetes {
namespace {

constexpr std::string_view label = "app.kubernetes.io/name: docker-credential-snowflake\n";
/// Where a pod finds a token of its service account for Snowflake.
constexpr std::string_view projected_folder = "/var/run/secrets/snowflakecomputing.com/serviceaccount";

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// Replaces each `%name%`. Values are checked names, references and paths, which cannot end a line or a
/// scalar.
std::string filled(std::string text,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  for (const auto& [name, value] : values)
    text = replace_all(std::move(text), "%" + std::string{name} + "%", value);
  return text;
}

/// A YAML scalar in double quotes, for which JSON's quoting is valid.
std::string quoted(const std::string& text) { return base::Json(text).dump(); }

std::string indented(const std::string& text, std::size_t columns) {
  std::string result;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = text.find('\n', begin) + 1;
    result += std::string(columns, ' ') + text.substr(begin, end - begin);
    begin = end;
  }
  return result;
}

constexpr std::string_view rbac_version = "rbac.authorization.k8s.io/v1";

/// The beginning of an object, up to its labels; `name_space` may be empty.
std::string object(std::string_view api_version, std::string_view kind, std::string_view name,
                   std::string_view name_space) {
  std::string text = "apiVersion: " + std::string{api_version} + "\nkind: " + std::string{kind} +
                     "\nmetadata:\n  name: " + std::string{name} + '\n';
  if (!name_space.empty()) text += "  namespace: " + std::string{name_space} + '\n';
  return text + "  labels:\n    " + std::string{label};
}

/// A RoleBinding for the Role of the same name, up to its subjects.
std::string role_binding(std::string_view name, std::string_view name_space) {
  return object(rbac_version, "RoleBinding", name, name_space) +
         "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: " + std::string{name} + '\n';
}

}  // namespace

std::string rbac(const ServiceAccount& account) {
  constexpr std::string_view name = "snowflake-image-pull-audience";
  return filled(
      R"(# Kubelets may ask for a token of this service account that is made for Snowflake, and for no other audience.
# Without it a kubelet's log says "failed to get service account token", and the provider is not run.
%role%rules:
  - apiGroups: [""]
    resources: ["%audience%"]
    verbs: ["request-serviceaccounts-token-audience"]
    resourceNames: ["%account%"]
---
%binding%subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: system:nodes
)",
      {{"role", object(rbac_version, "Role", name, account.name_space)},
       {"binding", role_binding(name, account.name_space)},
       {"audience", kubelet::token_audience},
       {"account", account.name}});
}

std::string daemonset(const Platform& platform, const std::string& image,
                      const std::string& kubernetes_version) {
  const auto folder_of_config = std::filesystem::path{platform.config}.parent_path().string();
  // On EKS both are in one folder, and an API server refuses a path that is mounted twice.
  const bool is_one_folder = folder_of_config == platform.bin_dir;
  return filled(
      R"(# Puts the program and its entry on every node, and again after an upgrade of a node has taken them away.
# The init container is privileged and has the node's process namespace: it restarts the kubelet, watches it for a
# minute, and undoes all changes if it does not stay up. To remove it from a node:
#   docker-credential-snowflake kubelet-undo --config %config% --bin-dir %bin% --restart
%object%spec:
  selector:
    matchLabels:
      %label%  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 1
  template:
    metadata:
      labels:
        %label%    spec:
      automountServiceAccountToken: false
      hostPID: true
      priorityClassName: system-node-critical
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
        - operator: Exists
      initContainers:
        - name: install
          image: %image%
          command: ["docker-credential-snowflake", "kubelet-install", "--restart"]
          args: ["--config", "%config%", "--bin-dir", "%bin%", "--kubernetes-version", "%version%"]
          securityContext:
            privileged: true
            runAsUser: 0
          volumeMounts:
            - name: config
              mountPath: %configfolder%
%programmount%      containers:
        - name: installed
          image: %image%
          command: ["sleep", "infinity"]
          resources:
            requests: {cpu: 1m, memory: 4Mi}
            limits: {memory: 16Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            runAsUser: 65532
            capabilities: {drop: ["ALL"]}
      terminationGracePeriodSeconds: 1
      volumes:
        - name: config
          hostPath:
            path: %configfolder%
            type: DirectoryOrCreate
%programvolume%)",
      {{"programmount", is_one_folder ? "" : R"(            - name: programs
              mountPath: %bin%
)"},
       {"programvolume", is_one_folder ? "" : R"(        - name: programs
          hostPath:
            path: %bin%
            type: DirectoryOrCreate
)"},
       {"object", object("apps/v1", "DaemonSet", "docker-credential-snowflake", "kube-system")},
       {"label", label},
       {"image", image},
       {"config", platform.config},
       {"configfolder", folder_of_config},
       {"bin", platform.bin_dir},
       {"version", kubernetes_version}});
}

std::string cronjob(const PullSecret& secret, const std::vector<std::string>& name_spaces,
                    const std::string& image, std::string_view account) {
  std::string list;
  for (const auto& name_space : name_spaces) list += (list.empty() ? "" : " ") + name_space;
  const std::string pod = filled(R"(metadata:
  labels:
    %label%spec:
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
        - {name: snowflake-token, mountPath: %folder%, readOnly: true}
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
                                  {"folder", projected_folder},
                                  {"audience", kubelet::token_audience}});
  constexpr std::string_view own_name = "snowflake-pull-secret";
  const auto& home = name_spaces.front();
  std::string text = filled(
      R"(# Renews the pull secret %name% in: %list%
# Pods use it by imagePullSecrets: [{name: %name%}]. A token lives for an hour; every 20 minutes leaves two attempts.
# Snowflake needs a user with the identity of this service account:
#   docker snowflake kubernetes sql --namespace %home% --service-account %own%
# Applying this again empties the secrets until the next run: delete the Job first, and it runs at once.
%account%)",
      {{"name", secret.name},
       {"list", list},
       {"home", home},
       {"own", own_name},
       {"account", object("v1", "ServiceAccount", own_name, home)}});
  for (const auto& name_space : name_spaces) {
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
        {{"secret", object("v1", "Secret", secret.name, name_space)},
         {"role", object(rbac_version, "Role", own_name, name_space)},
         {"binding", role_binding(own_name, name_space)},
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
      R"(# The service at the URL answers {"username": ..., "password": ...}. The password is itself JSON: toJson keeps its
# quotes apart from those around it.
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
      {{"webhook", object(generators, "Webhook", secret.name, secret.name_space)},
       {"externalsecret", object("external-secrets.io/v1", "ExternalSecret", secret.name, secret.name_space)},
       {"generators", generators},
       {"name", secret.name},
       {"url", quoted(url)},
       {"template", template_text}});
}

}  // namespace plugin::kubernetes
