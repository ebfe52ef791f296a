// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/manifests.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "kubelet/provider_entry.hpp"
#include "output/time_text.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

constexpr const char* default_image = "ghcr.io/docker-credential-snowflake/node:latest";
constexpr const char* default_url = "http://snowflake-registry-token.default.svc/";
constexpr const char* host_syntax = "[HOST]";

CLI::App& add_command(CLI::App& group, const char* name, const char* description, const char* when) {
  auto* command = group.add_subcommand(name, description);
  command->footer(when);
  return *command;
}

/// The registry of a command: the HOST argument, else the connection's.
struct Registry {
  std::optional<std::string> host;
  std::shared_ptr<cli::CommandOptions> options;
};

std::shared_ptr<Registry> add_registry(CLI::App& command, Context& context) {
  const auto registry = std::make_shared<Registry>();
  command.add_option("host", registry->host, "The registry host (default: the connection's)")
      ->option_text(host_syntax);
  registry->options = cli::add_command_options(command, context);
  return registry;
}

docker::RegistryHost host_of(const Registry& registry, Context& context) {
  if (!registry.host) return context.resolver.registry_of(cli::connection_of(*registry.options, context));
  if (auto host = context.resolver.find(*registry.host)) return *host;
  throw Error(Kind::usage, "'" + base::printable(*registry.host, 200) + "' is not a Snowflake registry",
              "write it as <organization>-<account>.registry.snowflakecomputing.com");
}

struct Issued {
  docker::Credential credential;
  base::TimePoint expires_at;
};

Issued credential_of(const Registry& registry, Context& context) {
  const auto host = host_of(registry, context);
  const auto token = context.wiring.registry_token(
      registry.host ? context.resolver.connection_for(host) : cli::connection_of(*registry.options, context));
  return {token.credential_for(host.name(), context.clock.now()), token.expires_at};
}

std::shared_ptr<kubernetes::ServiceAccount> add_service_account(CLI::App& command) {
  const auto account = std::make_shared<kubernetes::ServiceAccount>();
  command.add_option("--namespace", account->name_space, "Of the service account (default: default)")
      ->option_text("NAMESPACE");
  command.add_option("--service-account", account->name, "Of the pods that pull (default: default)")
      ->option_text("NAME");
  return account;
}

void check(const kubernetes::ServiceAccount& account) {
  kubernetes::check_namespace(account.name_space);
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
                  "kubeadm, k3s, rke2, eks, aks, gke, openshift, kind or minikube")
      ->option_text("PLATFORM");
  command
      .add_option("--kubernetes-version", nodes->version,
                  "Of the nodes: 1.33 and 1.34 differ (default: 1.34)")
      ->option_text("VERSION");
  return nodes;
}

void add_name(CLI::App& command, kubernetes::PullSecret& secret, const char* whose) {
  command.add_option("--name", secret.name, std::string{whose} + " (default: snowflake-registry)")
      ->option_text("NAME");
}

void add_namespace_and_name(CLI::App& command, kubernetes::PullSecret& secret, const char* whose) {
  command.add_option("--namespace", secret.name_space, whose)->option_text("NAMESPACE");
  add_name(command, secret, whose);
}

void check(const kubernetes::PullSecret& secret) {
  if (!secret.name_space.empty()) kubernetes::check_namespace(secret.name_space);
  kubernetes::check_name(secret.name, "--name");
}

void add_provider_config(CLI::App& group, Context& context) {
  auto& command = add_command(
      group, "provider-config", "Print a kubelet's CredentialProviderConfig",
      "Use this for clusters whose nodes you set up yourself: the kubelet then requests a credential for "
      "each pull, and\n"
      "no secret is stored anywhere. If you can only change files on running nodes, use 'daemonset'; if you "
      "cannot change\n"
      "nodes at all, 'cronjob'. Prints the file, and on standard error the path where it belongs.");
  const auto nodes = add_nodes(command);
  command.callback([nodes, &context] {
    const auto& found = kubernetes::platform_named(nodes->platform);
    const auto parsed = kubelet::KubernetesVersion::parse(nodes->version);
    context.out << (found.is_json ? kubelet::provider_config_json(parsed, parsed.knows_tokens())
                                  : kubelet::provider_config_yaml(parsed, parsed.knows_tokens()));
    context.err << "The file:    " << found.config << "\nThe program: " << found.bin_dir << '/'
                << kubelet::provider_name << '\n'
                << found.advice;
    if (parsed.knows_tokens() && !parsed.has_tokens_by_default()) {
      context.err << "Kubernetes 1.33 accepts tokenAttributes only with the feature gate "
                     "KubeletServiceAccountTokenForCredentialProviders=true.\n";
    } else if (!parsed.knows_tokens()) {
      context.err
          << "Kubelets before 1.33 send no service account tokens: nodes log in with their own identity.\n";
    }
    if (parsed.knows_tokens())
      context.err << "Next: docker snowflake kubernetes rbac, and docker snowflake kubernetes sql\n";
  });
}

void add_rbac(CLI::App& group, Context& context) {
  auto& command = add_command(
      group, "rbac", "Print the Role that lets kubelets ask for tokens made for Snowflake",
      "Use this with 'provider-config' or 'daemonset', once for each service account whose pods pull. It is "
      "not needed\n"
      "for pods that mount a projected token with the audience snowflakecomputing.com themselves.");
  const auto account = add_service_account(command);
  command.callback([account, &context] {
    check(*account);
    context.out << kubernetes::rbac(*account);
  });
}

/// The issuer in the tokens of the cluster of kubectl's current context.
std::string issuer_of_cluster(const Context& context) {
  constexpr const char* hint =
      "add --issuer URL: the member issuer of what 'kubectl get --raw /.well-known/openid-configuration' "
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
                "the member issuer of what 'kubectl get --raw /.well-known/openid-configuration' prints");
  }
  const auto host = issuer.substr(8, issuer.find_first_of("/:", 8) - 8);
  if (host.find('.') != std::string::npos && !host.ends_with(".svc") && !host.ends_with(".local")) return;
  context.err << "Warning: Snowflake must fetch " << issuer
              << "/.well-known/openid-configuration, and this host is known inside the cluster only.\n"
                 "Next: set the API server's --service-account-issuer to an address on the internet\n";
}

void add_sql(CLI::App& group, Context& context) {
  auto& command = add_command(group, "sql", "Print the SQL that makes a service account a user of Snowflake",
                              "Use this with 'provider-config', 'daemonset' and 'cronjob', once for each "
                              "service account. Without --issuer,\n"
                              "the issuer of the cluster of kubectl's current context is used.");
  const auto asked = std::make_shared<kubernetes::SnowflakeUser>();
  const auto account = add_service_account(command);
  command.add_option("--issuer", asked->issuer, "The issuer of the cluster's tokens")->option_text("URL");
  command.add_option("--user", asked->user, "The user (default: made from the service account)")
      ->option_text("NAME");
  command.add_option("--role", asked->role, "The role that pulls (default: IMAGE_PULLER)")
      ->option_text("NAME");
  command.add_option("--repository", asked->repository, "The image repository that the role may read")
      ->option_text("DATABASE.SCHEMA.REPOSITORY");
  asked->role = "IMAGE_PULLER";
  command.callback([asked, account, &context] {
    check(*account);
    asked->account = *account;
    if (asked->issuer.empty()) asked->issuer = issuer_of_cluster(context);
    check_issuer(asked->issuer, context);
    context.out << kubernetes::sql(*asked);
  });
}

void add_daemonset(CLI::App& group, Context& context) {
  auto& command =
      add_command(group, "daemonset", "Print a DaemonSet that installs the credential provider on every node",
                  "Use this for managed nodes (EKS, AKS, GKE), whose files are replaced by upgrades. It "
                  "needs privileged pods in\n"
                  "kube-system and restarts each kubelet once, one node after the other.");
  const auto image = std::make_shared<std::string>(default_image);
  command.add_option("--image", *image, "An image with the program, as packaging/container builds it")
      ->option_text("IMAGE");
  const auto nodes = add_nodes(command);
  command.callback([image, nodes, &context] {
    kubernetes::check_image(*image);
    const auto parsed = kubelet::KubernetesVersion::parse(nodes->version);
    context.out << kubernetes::daemonset(kubernetes::platform_named(nodes->platform), *image,
                                         "1." + std::to_string(parsed.minor));
  });
}

void add_pull_secret(CLI::App& group, Context& context) {
  auto& command =
      add_command(group, "pull-secret", "Print a Secret that pods can pull with for an hour",
                  "Use this for a quick test: docker snowflake kubernetes pull-secret | kubectl apply -f -\n"
                  "It expires with its token, after an hour at most; 'cronjob' renews such secrets.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto registry = add_registry(command, context);
  add_namespace_and_name(command, *secret, "Of the Secret");
  // The other commands' formats are those of tables; this one's are Kubernetes' own.
  const auto format = std::make_shared<std::string>("yaml");
  command.remove_option(command.get_option("--format"));
  command.add_option("--format", *format, "json or yaml (default: yaml)")->option_text("FORMAT");
  command.callback([secret, registry, format, &context] {
    check(*secret);
    const auto word = base::to_lower(*format);
    if (word != "json" && word != "yaml") {
      throw Error(Kind::usage, "--format: '" + base::printable(*format, 50) + "' is neither json nor yaml",
                  "choose one of them");
    }
    const auto [credential, expires_at] = credential_of(*registry, context);
    context.out << (word == "json" ? kubernetes::pull_secret_json(*secret, credential, expires_at)
                                   : kubernetes::pull_secret_yaml(*secret, credential, expires_at));
  });
}

void add_cronjob(CLI::App& group, Context& context) {
  auto& command =
      add_command(group, "cronjob", "Print a CronJob that renews pull secrets in one namespace or several",
                  "Use this if you cannot change nodes (Bottlerocket, Autopilot), or if kubelets are older "
                  "than 1.33. It logs in with\n"
                  "the service account of its own pods, and may only patch these secrets.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto image = std::make_shared<std::string>();
  const auto name_spaces = std::make_shared<std::vector<std::string>>();
  const auto registry = add_registry(command, context);
  command.add_option("--image", *image, "An image with the programs, as packaging/container builds it")
      ->required()
      ->option_text("IMAGE");
  command
      .add_option("--namespace", *name_spaces,
                  "Where pods pull; repeat it for several. The job runs in the first")
      ->required()
      ->option_text("NAMESPACE")
      ->allow_extra_args(false);
  add_name(command, *secret, "Of the Secrets");
  command.callback([secret, image, name_spaces, registry, &context] {
    kubernetes::check_image(*image);
    check(*secret);
    std::vector<std::string> unique;
    for (const auto& name_space : *name_spaces) {
      kubernetes::check_namespace(name_space);
      if (std::ranges::find(unique, name_space) == unique.end()) unique.push_back(name_space);
    }
    const auto host = host_of(*registry, context);
    secret->host = host.name();
    context.out << kubernetes::cronjob(*secret, unique, *image, host.account_label());
  });
}

void add_external_secret(CLI::App& group, Context& context) {
  auto& command = add_command(group, "external-secret",
                              "Print an ExternalSecret that makes a pull secret from the answer of a service",
                              "Use this if the External Secrets Operator and a service that returns "
                              "{\"username\": ..., \"password\": "
                              "...} run in\n"
                              "the cluster already; it has no generator for Snowflake, and runs no programs. "
                              "Otherwise use 'cronjob'.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto url = std::make_shared<std::string>(default_url);
  const auto registry = add_registry(command, context);
  command.add_option("--url", *url, "Of the service")->option_text("URL");
  add_namespace_and_name(command, *secret, "Of both objects");
  command.callback([secret, url, registry, &context] {
    check(*secret);
    if (!url->starts_with("http://") && !url->starts_with("https://"))
      throw Error(Kind::usage, "--url: '" + base::printable(*url, 200) + "' is not a URL",
                  "write it with https://");
    secret->host = host_of(*registry, context).name();
    context.out << kubernetes::external_secret(*secret, *url);
  });
}

void add_argocd_image_updater(CLI::App& group, Context& context) {
  auto& command =
      add_command(group, "argocd-image-updater", "Print a credential in the format of Argo CD Image Updater",
                  "Use this as the program of an entry in registries.conf:\n"
                  "  credentials: ext:/scripts/snowflake.sh      # exec docker-snowflake "
                  "kubernetes argocd-image-updater HOST\n"
                  "  credsexpire: 30m");
  const auto registry = add_registry(command, context);
  command.callback([registry, &context] {
    const auto credential = credential_of(*registry, context).credential;
    context.out << credential.username << ':' << credential.secret.reveal() << '\n';
  });
}

}  // namespace

void add_kubernetes(CLI::App& app, Context& context) {
  auto& group = add_group(app, "kubernetes", "Print what clusters outside Snowflake need to pull images");
  group.footer(
      "Three ways: a credential provider on the nodes with the identity of the pods ('provider-config' or "
      "'daemonset',\n"
      "with 'rbac' and 'sql'), the same with an identity of the node, or pull secrets that a job renews "
      "('cronjob',\n"
      "with 'sql'). Nothing is applied: pipe it to kubectl apply -f -, or to snow sql -i.");
  add_provider_config(group, context);
  add_rbac(group, context);
  add_sql(group, context);
  add_daemonset(group, context);
  add_pull_secret(group, context);
  add_cronjob(group, context);
  add_external_secret(group, context);
  add_argocd_image_updater(group, context);
}

void add_docker_config(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("docker-config", "Print a config.json with a token, for kaniko and CI jobs");
  const auto registry = add_registry(*command, context);
  const auto tells_expiry = std::make_shared<bool>(false);
  command->add_flag("--expires", *tells_expiry, "Print on standard error when the token expires");
  command->callback([registry, tells_expiry, &context] {
    const auto [credential, expires_at] = credential_of(*registry, context);
    context.out << kubernetes::docker_config(credential) << '\n';
    if (*tells_expiry) context.err << output::iso_time(expires_at) << '\n';
  });
}

}  // namespace plugin::commands
