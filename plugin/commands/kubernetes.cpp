// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubernetes/manifests.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

std::shared_ptr<kubernetes::ServiceAccount> add_service_account(CLI::App& command) {
  const auto account = std::make_shared<kubernetes::ServiceAccount>();
  command
      .add_option("-n,--namespace", account->kube_namespace,
                  "Namespace of the service account (default: default)")
      ->option_text("NAMESPACE");
  command
      .add_option("--service-account", account->name,
                  "Service account of the pods that pull (default: default)")
      ->option_text("NAME");
  return account;
}

void check_service_account(const kubernetes::ServiceAccount& account) {
  kubernetes::check_namespace(account.kube_namespace);
  kubernetes::check_name(account.name, "--service-account");
}

/// The nodes of a command.
struct Nodes {
  std::string platform = "kubeadm";
  std::string version = "1.34";
};

std::shared_ptr<Nodes> add_nodes(CLI::App& command) {
  const auto nodes = std::make_shared<Nodes>();
  command
      .add_option("--platform", nodes->platform,
                  "kubeadm, k3s, rke2, eks, aks, gke, openshift, kind or minikube (default: kubeadm)")
      ->option_text("PLATFORM");
  command
      .add_option(
          "--kubernetes-version", nodes->version,
          "Version of the nodes (default: 1.34). Before 1.34, kubelets send no service account tokens; 1.33 "
          "does with a feature gate")
      ->option_text("VERSION");
  return nodes;
}

void add_provider_config(CLI::App& group, Context& context) {
  auto& command = *group.add_subcommand("provider-config", "Print a kubelet's CredentialProviderConfig");
  command.footer(
      "Use this for clusters whose nodes you set up yourself: the kubelet then requests a credential "
      "for each pull, and no secret is stored anywhere. If you can only change files on running nodes, "
      "use 'daemonset'; if you cannot change nodes at all, 'cronjob'. Prints the file, and on standard "
      "error the path where it belongs.");
  const auto nodes = add_nodes(command);
  command.callback([nodes, &context] {
    const auto& found = kubernetes::platform_named(nodes->platform);
    const auto parsed = kubelet::KubernetesVersion::parse(nodes->version);
    context.out << (found.is_json ? kubelet::provider_config_json(parsed, parsed.supports_tokens())
                                  : kubelet::provider_config_yaml(parsed, parsed.supports_tokens()));
    context.err << "The file:    " << found.config << "\nThe program: " << found.bin_dir << '/'
                << kubelet::provider_name << '\n'
                << found.advice;
    if (parsed.supports_tokens() && !parsed.has_tokens_by_default()) {
      context.err << "Kubernetes 1.33 accepts tokenAttributes only with the feature gate "
                     "KubeletServiceAccountTokenForCredentialProviders=true.\n";
    } else if (!parsed.supports_tokens()) {
      context.err
          << "Kubelets before 1.34 send no service account tokens: nodes log in with their own identity.\n";
    }
    if (parsed.supports_tokens())
      context.err << "Next: docker snowflake kubernetes rbac, and docker snowflake kubernetes sql\n";
  });
}

void add_rbac(CLI::App& group, Context& context) {
  auto& command =
      *group.add_subcommand("rbac", "Print the Role that lets kubelets request tokens for Snowflake");
  command.footer(
      "Use this with 'provider-config' or 'daemonset', once for each service account whose pods pull. "
      "It is not needed for pods that mount a projected token with the audience snowflakecomputing.com "
      "themselves, or when nodes log in with their own identity.");
  const auto account = add_service_account(command);
  command.callback([account, &context] {
    check_service_account(*account);
    context.out << kubernetes::rbac(*account);
  });
}

/// The issuer in the tokens of the cluster of kubectl's current context.
std::string issuer_of_cluster(const Context& context) {
  constexpr const char* hint =
      "add --issuer URL, with the \"issuer\" that 'kubectl get --raw /.well-known/openid-configuration' "
      "prints";
  const auto answer = base::run_program({"kubectl", "get", "--raw", "/.well-known/openid-configuration"}, {},
                                        context.environment, std::chrono::seconds{30});
  if (!answer) throw Error(Kind::config, "kubectl is not installed, so the issuer is not known", hint);
  const auto json = base::parse_json(answer->out);
  const auto issuer = json ? base::text_at(*json, "issuer") : std::nullopt;
  if (answer->status == 0 && issuer && !issuer->empty()) return *issuer;
  throw Error(Kind::config,
              "kubectl did not print the issuer of this cluster: " + base::printable(answer->err, 200), hint);
}

void check_issuer(const std::string& issuer, Context& context) {
  const bool is_url = issuer.starts_with("https://") && issuer.size() > 8 && issuer.size() <= 255 &&
                      issuer.find_first_of(" \t\r\n\"'\\") == std::string::npos;
  if (!is_url) {
    throw Error(Kind::usage, "--issuer: '" + base::printable(issuer, 200) + "' is not an https URL",
                "use the \"issuer\" that 'kubectl get --raw /.well-known/openid-configuration' prints");
  }
  const auto host = issuer.substr(8, issuer.find_first_of("/:", 8) - 8);
  if (host.find('.') != std::string::npos && !host.ends_with(".svc") && !host.ends_with(".local")) return;
  context.err << "Warning: Snowflake must fetch " << issuer
              << "/.well-known/openid-configuration, and this host is known inside the cluster only.\n"
                 "Next: set the API server's --service-account-issuer to an address on the internet\n";
}

void add_sql(CLI::App& group, Context& context) {
  auto& command =
      *group.add_subcommand("sql", "Print the SQL that creates a Snowflake user for a service account");
  command.footer(
      "Use this with 'provider-config', 'daemonset' and 'cronjob', once for each service account. "
      "Without --issuer, the issuer of the cluster of kubectl's current context is used.");
  const auto user = std::make_shared<kubernetes::SnowflakeUser>();
  const auto account = add_service_account(command);
  command.add_option("--issuer", user->issuer, "The issuer of the cluster's tokens")->option_text("URL");
  command.add_option("--user", user->user, "The user (default: derived from the service account)")
      ->option_text("NAME");
  command.add_option("--role", user->role, "The role that pulls (default: IMAGE_PULLER)")
      ->option_text("NAME");
  command
      .add_option("--repository", user->repository,
                  "The image repository that the role may read; without it, no privilege is granted")
      ->option_text("DATABASE.SCHEMA.REPOSITORY");
  user->role = "IMAGE_PULLER";
  command.callback([user, account, &context] {
    check_service_account(*account);
    user->account = *account;
    if (user->issuer.empty()) user->issuer = issuer_of_cluster(context);
    check_issuer(user->issuer, context);
    context.out << kubernetes::sql(*user);
    if (!user->repository.empty() || user->role.empty()) return;
    context.err
        << "Warning: these statements grant role " << user->role << " no privileges\n"
        << "Next: add --repository DATABASE.SCHEMA.REPOSITORY, unless the role can read the repository "
           "already\n";
  });
}

void add_daemonset(CLI::App& group, Context& context) {
  auto& command = *group.add_subcommand(
      "daemonset", "Print a DaemonSet that installs the credential provider on every node");
  command.footer(
      "Use this for managed nodes (EKS, AKS, GKE), whose files are replaced by upgrades. It needs "
      "privileged pods in kube-system, and restarts the kubelet of each node once, all at the same time "
      "when it is first applied; running pods are not affected.");
  const auto image = std::make_shared<std::string>();
  command.add_option("--image", *image, kubernetes::image_description)->required()->option_text("IMAGE");
  const auto nodes = add_nodes(command);
  command.callback([image, nodes, &context] {
    kubernetes::check_image(*image);
    const auto parsed = kubelet::KubernetesVersion::parse(nodes->version);
    context.out << kubernetes::daemonset(kubernetes::platform_named(nodes->platform), *image,
                                         "1." + std::to_string(parsed.minor));
  });
}

}  // namespace

void add_kubernetes(CLI::App& app, Context& context) {
  auto& group = add_group(app, "kubernetes", "Print what clusters outside Snowflake need to pull images");
  group.footer(
      "There are three ways: a credential provider on the nodes with the identity of the pods "
      "('provider-config' or 'daemonset', with 'rbac' and 'sql'), the same with an identity of the "
      "node, or pull secrets that a job renews ('cronjob', with 'sql'). Nothing is applied: pipe the "
      "output to kubectl apply -f -, or to snow sql -i.");
  add_provider_config(group, context);
  add_rbac(group, context);
  add_sql(group, context);
  add_daemonset(group, context);
  add_kubernetes_credentials(group, context);
}

}  // namespace plugin::commands
