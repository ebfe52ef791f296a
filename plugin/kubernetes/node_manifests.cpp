// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubernetes/manifest_text.hpp"
#include "kubernetes/manifests.hpp"

namespace plugin::kubernetes {

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

const std::vector<Platform>& platforms() {
  static const std::vector<Platform> all = {
      {"kubeadm", "/usr/local/lib/kubelet-credential-providers", "/etc/kubernetes/credential-provider.yaml",
       false,
       "Give the kubelet both flags, in /etc/default/kubelet or by nodeRegistration.kubeletExtraArgs:\n"
       "  KUBELET_EXTRA_ARGS=--image-credential-provider-config=/etc/kubernetes/credential-provider.yaml "
       "--image-credential-provider-bin-dir=/usr/local/lib/kubelet-credential-providers\n"},
      {"k3s", "/var/lib/rancher/credentialprovider/bin", "/var/lib/rancher/credentialprovider/config.yaml",
       false, "k3s uses both by itself when they exist; restart k3s or k3s-agent.\n"},
      {"rke2", "/var/lib/rancher/credentialprovider/bin", "/var/lib/rancher/credentialprovider/config.yaml",
       false, "RKE2 uses both by itself when they exist; restart rke2-server or rke2-agent.\n"},
      {"eks", "/etc/eks/image-credential-provider", "/etc/eks/image-credential-provider/config.json", true,
       "nodeadm writes this file with the entry for ECR at each boot: add ours to it after 'nodeadm init' in "
       "the\n"
       "user data, or by 'docker snowflake kubernetes daemonset --platform eks'. Do not replace the file.\n"
       "Bottlerocket takes no further providers: docker snowflake kubernetes cronjob --help\n"},
      {"aks", "/var/lib/kubelet/credential-provider", "/var/lib/kubelet/credential-provider-config.yaml",
       false,
       "The file has the entry for ACR: add ours to it, by 'docker snowflake kubernetes daemonset --platform "
       "aks'.\n"
       "An upgrade of the node image brings the old file back, and the DaemonSet adds the entry again.\n"},
      {"gke", "/home/kubernetes/bin", "/etc/srv/kubernetes/cri_auth_config.yaml", false,
       "The file has the entry for Google's registries: add ours to it, by\n"
       "'docker snowflake kubernetes daemonset --platform gke'.\n"},
      {"openshift", "/usr/libexec/kubelet-image-credential-provider-plugins",
       "/etc/kubernetes/credential-providers/generic-credential-provider.yaml", false,
       "Files and flags come from a MachineConfig. The directory of programs is read-only on RHCOS: put the "
       "program\n"
       "below /var and bind-mount it there. tokenAttributes need OpenShift 4.21.\n"},
      {"kind", "/ecp/bin", "/ecp/config.yaml", false,
       "Mount a directory of the host at /ecp into every node (extraMounts), and give the kubelet both "
       "flags:\n"
       "  kubeadmConfigPatches:\n"
       "    - |\n"
       "      kind: JoinConfiguration\n"
       "      nodeRegistration: {kubeletExtraArgs: {image-credential-provider-bin-dir: /ecp/bin, "
       "image-credential-provider-config: /ecp/config.yaml}}\n"
       "and the same with kind: InitConfiguration for the control plane.\n"},
      {"minikube", "/var/lib/minikube/credential-provider", "/var/lib/minikube/credential-provider.yaml",
       false,
       "Copy both into the node (minikube cp) and start it with\n"
       "  --extra-config=kubelet.image-credential-provider-bin-dir=/var/lib/minikube/credential-provider\n"
       "  "
       "--extra-config=kubelet.image-credential-provider-config=/var/lib/minikube/"
       "credential-provider.yaml\n"},
  };
  return all;
}

const Platform& platform_named(const std::string& name) {
  const auto found = std::ranges::find(platforms(), base::to_lower(name), &Platform::name);
  if (found != platforms().end()) return *found;
  std::vector<std::string> names;
  for (const auto& platform : platforms()) names.emplace_back(platform.name);
  throw base::Error(base::Kind::usage, "--platform: '" + base::printable(name, 50) + "' is not known",
                    "the platforms are: " + base::join(names, ", "));
}

}  // namespace plugin::kubernetes
