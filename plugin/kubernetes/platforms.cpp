// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kubernetes/manifests.hpp"

namespace plugin::kubernetes {

const std::vector<Platform>& platforms() {
  static const std::vector<Platform> all = {
      {"kubeadm", "/usr/local/lib/kubelet-credential-providers", "/etc/kubernetes/credential-provider.yaml",
       false, R"(Give the kubelet both flags, in /etc/default/kubelet or by nodeRegistration.kubeletExtraArgs:
  KUBELET_EXTRA_ARGS=--image-credential-provider-config=/etc/kubernetes/credential-provider.yaml --image-credential-provider-bin-dir=/usr/local/lib/kubelet-credential-providers
)"},
      {"k3s", "/var/lib/rancher/credentialprovider/bin", "/var/lib/rancher/credentialprovider/config.yaml",
       false, "k3s uses both by itself when they exist; restart k3s or k3s-agent.\n"},
      {"rke2", "/var/lib/rancher/credentialprovider/bin", "/var/lib/rancher/credentialprovider/config.yaml",
       false, "RKE2 uses both by itself when they exist; restart rke2-server or rke2-agent.\n"},
      {"eks", "/etc/eks/image-credential-provider", "/etc/eks/image-credential-provider/config.json", true,
       R"(nodeadm writes this file with the entry for ECR at each boot: add ours to it after 'nodeadm init' in the
user data, or by 'docker snowflake kubernetes daemonset --platform eks --image IMAGE'. Do not replace the file.
Bottlerocket takes no further providers: docker snowflake kubernetes cronjob --help
)"},
      {"aks", "/var/lib/kubelet/credential-provider", "/var/lib/kubelet/credential-provider-config.yaml",
       false,
       R"(The file has the entry for ACR: add ours to it, by 'docker snowflake kubernetes daemonset --platform aks --image IMAGE'.
An upgrade of the node image brings the old file back, and the DaemonSet adds the entry again.
)"},
      {"gke", "/home/kubernetes/bin", "/etc/srv/kubernetes/cri_auth_config.yaml", false,
       R"(The file has the entry for Google's registries: add ours to it, by
'docker snowflake kubernetes daemonset --platform gke --image IMAGE'.
)"},
      {"openshift", "/usr/libexec/kubelet-image-credential-provider-plugins",
       "/etc/kubernetes/credential-providers/generic-credential-provider.yaml", false,
       R"(Files and flags come from a MachineConfig. The directory of programs is read-only on RHCOS: put the program
below /var and bind-mount it there. tokenAttributes need OpenShift 4.21.
)"},
      {"kind", "/ecp/bin", "/ecp/config.yaml", false,
       R"(Mount a directory of the host at /ecp into every node (extraMounts), and give the kubelet both flags:
  kubeadmConfigPatches:
    - |
      kind: JoinConfiguration
      nodeRegistration: {kubeletExtraArgs: {image-credential-provider-bin-dir: /ecp/bin, image-credential-provider-config: /ecp/config.yaml}}
and the same with kind: InitConfiguration for the control plane.
)"},
      {"minikube", "/var/lib/minikube/credential-provider", "/var/lib/minikube/credential-provider.yaml",
       false, R"(Copy both into the node (minikube cp) and start it with
  --extra-config=kubelet.image-credential-provider-bin-dir=/var/lib/minikube/credential-provider
  --extra-config=kubelet.image-credential-provider-config=/var/lib/minikube/credential-provider.yaml
)"},
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
