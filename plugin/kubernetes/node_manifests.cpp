// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "kubelet/provider_entry.hpp"
#include "kubernetes/manifest_text.hpp"
#include "kubernetes/manifests.hpp"

namespace plugin::kubernetes {

std::string rbac(const ServiceAccount& account) {
  // One for each service account, so that applying that of another one does not replace it.
  const std::string name = "snowflake-image-pull-audience-" + account.name;
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
      {{"role", object(rbac_version, "Role", name, account.kube_namespace)},
       {"binding", role_binding(name, account.kube_namespace)},
       {"audience", kubelet::token_audience},
       {"account", account.name}});
}

std::string daemonset(const Platform& platform, const std::string& image,
                      const std::string& kubernetes_version) {
  const auto directory_of_config = std::filesystem::path{platform.config}.parent_path().string();
  // On EKS both are in one directory, and an API server refuses a path that is mounted twice.
  const bool is_one_directory = directory_of_config == platform.bin_dir;
  return filled(
      R"(# Installs the program and its entry on every node, and again after a node upgrade has removed them.
# The init container is privileged and has the node's process namespace: it restarts the kubelet, watches it for a
# minute, and undoes all changes if it does not stay up. It waits before it fails, because the next attempt restarts
# the kubelet again. To remove it from a node:
#   docker-credential-snowflake kubelet-undo --config %config% --bin-dir %bin% --restart
%object%spec:
  selector:
    matchLabels:
      %label%
  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 1
  template:
    metadata:
      labels:
        %label%
    spec:
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
          command: ["sh", "-c", 'docker-credential-snowflake kubelet-install --restart "$@" || { sleep 600; exit 1; }', "sh"]
          args: ["--config", "%config%", "--bin-dir", "%bin%", "--kubernetes-version", "%version%"]
          securityContext:
            privileged: true
            runAsUser: 0
          volumeMounts:
            - name: config
              mountPath: %configdirectory%
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
            path: %configdirectory%
            type: DirectoryOrCreate
%programvolume%)",
      {{"programmount", is_one_directory ? "" : R"(            - name: programs
              mountPath: %bin%
)"},
       {"programvolume", is_one_directory ? "" : R"(        - name: programs
          hostPath:
            path: %bin%
            type: DirectoryOrCreate
)"},
       {"object", object("apps/v1", "DaemonSet", "docker-credential-snowflake", "kube-system")},
       {"label", label},
       {"image", image},
       {"config", platform.config},
       {"configdirectory", directory_of_config},
       {"bin", platform.bin_dir},
       {"version", kubernetes_version}});
}

}  // namespace plugin::kubernetes
