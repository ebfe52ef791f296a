// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "connection_file/new_connection.hpp"
#include "kubernetes/manifests.hpp"
#include "output/units.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

/// The registry of a command: the HOST argument, else the connection's.
struct Registry {
  std::optional<std::string> host;
  std::shared_ptr<cli::CommandOptions> options;
};

std::shared_ptr<Registry> add_registry(CLI::App& command, Context& context) {
  const auto registry = std::make_shared<Registry>();
  command.add_option("host", registry->host, "The registry host (default: the connection's)")
      ->option_text("[HOST]");
  registry->options = cli::add_command_options(command, context);
  return registry;
}

docker::RegistryHost host_of(const Registry& registry, Context& context) {
  if (!registry.host) return context.resolver.registry_of(cli::connection_of(*registry.options, context));
  if (auto host = context.resolver.find(*registry.host)) return *host;
  const auto meant = connection_file::registry_host_meant(*registry.host);
  throw Error(Kind::usage, "'" + base::printable(*registry.host, 200) + "' is not a Snowflake registry",
              meant ? "did you mean " + *meant + "?"
                    : "write it as <organization>-<account>.registry.snowflakecomputing.com");
}

struct Issued {
  docker::Credential credential;
  base::TimePoint expires_at;
};

Issued credential_of(const Registry& registry, Context& context) {
  const auto host = host_of(registry, context);
  const auto token = context.wiring.checked_registry_token(
      registry.host ? context.resolver.connection_for(host) : cli::connection_of(*registry.options, context));
  return {token.credential_for(host.name(), context.clock.now()), token.expires_at};
}

void add_name(CLI::App& command, kubernetes::PullSecret& secret, const std::string& object) {
  command.add_option("--name", secret.name, "Name of " + object + " (default: snowflake-registry)")
      ->option_text("NAME");
}

void add_namespace_and_name(CLI::App& command, kubernetes::PullSecret& secret, const std::string& object) {
  command.add_option("-n,--namespace", secret.kube_namespace, "Namespace of " + object)
      ->option_text("NAMESPACE");
  add_name(command, secret, object);
}

void check(const kubernetes::PullSecret& secret) {
  if (!secret.kube_namespace.empty()) kubernetes::check_namespace(secret.kube_namespace);
  kubernetes::check_name(secret.name, "--name");
}

void add_pull_secret(CLI::App& group, Context& context) {
  auto& command = *group.add_subcommand("pull-secret", "Print a Secret that pods can pull with for an hour");
  command.footer(
      "Use this for a quick test. The Secret expires with its token, after an hour at most; 'cronjob' "
      "renews such secrets.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto registry = add_registry(command, context);
  add_namespace_and_name(command, *secret, "the Secret");
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
  auto& command = *group.add_subcommand(
      "cronjob", "Print a CronJob that renews pull secrets in one namespace or several");
  command.footer(
      "Use this if you cannot change nodes (Bottlerocket, Autopilot), or if kubelets are older than "
      "1.34. It logs in with the service account of its own pods, and may only patch these secrets.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto image = std::make_shared<std::string>();
  const auto kube_namespaces = std::make_shared<std::vector<std::string>>();
  const auto registry = add_registry(command, context);
  command.add_option("--image", *image, kubernetes::image_description)->required()->option_text("IMAGE");
  command
      .add_option("-n,--namespace", *kube_namespaces,
                  "Where pods pull; repeat it for several. The job runs in the first")
      ->required()
      ->option_text("NAMESPACE")
      ->allow_extra_args(false);
  add_name(command, *secret, "the Secrets");
  command.callback([secret, image, kube_namespaces, registry, &context] {
    kubernetes::check_image(*image);
    check(*secret);
    std::vector<std::string> unique;
    for (const auto& kube_namespace : *kube_namespaces) {
      kubernetes::check_namespace(kube_namespace);
      if (std::ranges::find(unique, kube_namespace) == unique.end()) unique.push_back(kube_namespace);
    }
    const auto host = host_of(*registry, context);
    secret->host = host.name();
    context.out << kubernetes::cronjob(*secret, unique, *image, host.account_label());
  });
}

void add_external_secret(CLI::App& group, Context& context) {
  auto& command = *group.add_subcommand(
      "external-secret", "Print an ExternalSecret that creates a pull secret from the response of a service");
  command.footer(
      "Use this if the External Secrets Operator and a service that returns {\"username\": ..., "
      "\"password\": ...} run in the cluster already; it has no generator for Snowflake, and runs no "
      "programs. Otherwise use 'cronjob'.");
  const auto secret = std::make_shared<kubernetes::PullSecret>();
  const auto url = std::make_shared<std::string>("http://snowflake-registry-token.default.svc/");
  const auto registry = add_registry(command, context);
  command.add_option("--url", *url, "URL of the service")->option_text("URL");
  add_namespace_and_name(command, *secret, "both objects");
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
  auto& command = *group.add_subcommand("argocd-image-updater",
                                        "Print a credential in the format of Argo CD Image Updater");
  command.footer(
      "Use this in the script of an entry in registries.conf: with 'credentials: "
      "ext:/scripts/snowflake.sh', the script runs 'docker-snowflake kubernetes argocd-image-updater "
      "HOST'; set credsexpire: 30m. The updater's container needs this program, and a connection or a "
      "workload identity.");
  const auto registry = add_registry(command, context);
  command.callback([registry, &context] {
    const auto credential = credential_of(*registry, context).credential;
    context.out << credential.username << ':' << credential.secret.reveal() << '\n';
  });
}

}  // namespace

void add_kubernetes_credentials(CLI::App& group, Context& context) {
  add_pull_secret(group, context);
  add_cronjob(group, context);
  add_external_secret(group, context);
  add_argocd_image_updater(group, context);
}

void add_docker_config(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("docker-config", "Print a config.json with a token, for kaniko and CI jobs");
  const auto registry = add_registry(*command, context);
  const auto prints_expiry = std::make_shared<bool>(false);
  command->add_flag("--expires", *prints_expiry, "Print on standard error when the token expires");
  command->callback([registry, prints_expiry, &context] {
    const auto [credential, expires_at] = credential_of(*registry, context);
    context.out << kubernetes::docker_config(credential) << '\n';
    if (*prints_expiry) context.err << output::iso_time(expires_at) << '\n';
  });
}

}  // namespace plugin::commands
