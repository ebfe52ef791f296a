// SPDX-License-Identifier: Apache-2.0
#include "commands/examples.hpp"

#include <algorithm>
#include <array>

namespace plugin::commands {
namespace {

constexpr std::size_t max_examples = 3;

struct CommandExamples {
  std::string_view path;
  std::array<std::string_view, max_examples> lines;  ///< empty ones are none
};

constexpr CommandExamples all_examples[] = {
    {"", {"setup", "login", "images"}},
    {"config", {"config", "config set interactive terminal", "config -o json"}},
    {"config set",
     {"config set interactive terminal", "config set store keyring",
      "config set registries.myorg-myacct.registry.snowflakecomputing.com.connection dev"}},
    {"config unset", {"config unset interactive", "config unset store"}},
    {"connection", {"connection list", "connection add", "connection test -c dev"}},
    {"connection add",
     {"connection add", "connection add dev --account myorg-myacct --user jane",
      "connection add ci --account myorg-myacct --user ci --login key-pair"}},
    {"connection list", {"connection list", "connection list -o json", "connection list -q"}},
    {"connection test", {"connection test", "connection test -c dev"}},
    {"connection use", {"connection use dev", "connection use dev --role pusher"}},
    {"copy",
     {"copy db.schema.repo/app:1 db.schema.repo2/app:1",
      "copy @dev:db.schema.repo/app:1 @prod:db.schema.repo", "copy -q db.schema.repo/app:1 db.schema.repo2"}},
    {"docker-config",
     {"docker-config", "docker-config -c dev", "docker-config myorg-myacct.registry.snowflakecomputing.com"}},
    {"doctor", {"doctor", "doctor db.schema.repo/app:1", "doctor --fix"}},
    {"image-registry", {"image-registry url", "image-registry token --format JSON"}},
    {"image-registry login", {"image-registry login", "image-registry login -c dev"}},
    {"image-registry token", {"image-registry token --format JSON", "image-registry token -c dev"}},
    {"image-registry url", {"image-registry url", "image-registry url --private-link"}},
    {"image-repository",
     {"image-repository create db.schema.repo", "image-repository list --in database db",
      "image-repository drop db.schema.repo"}},
    {"image-repository create",
     {"image-repository create db.schema.repo", "image-repository create repo --if-not-exists"}},
    {"image-repository deploy",
     {"image-repository deploy", "image-repository deploy app_images --env STAGE=dev"}},
    {"image-repository drop",
     {"image-repository drop db.schema.repo", "image-repository drop db.schema.repo --if-exists --yes"}},
    {"image-repository list",
     {"image-repository list", "image-repository list --in schema db.schema",
      "image-repository list --like \"app%\" --in-account"}},
    {"image-repository list-images",
     {"image-repository list-images db.schema.repo", "image-repository list-images repo --like \"app%\""}},
    {"image-repository list-tags",
     {"image-repository list-tags repo --image-name /db/schema/repo/app",
      "image-repository list-tags db.schema.repo -i /db/schema/repo/app --format JSON"}},
    {"image-repository url", {"image-repository url db.schema.repo", "image-repository url repo -c dev"}},
    {"images", {"images", "images db.schema.repo", "images -f image=app -f \"tag=1.*\" -q"}},
    {"kubernetes", {"kubernetes provider-config --platform kubeadm", "kubernetes pull-secret"}},
    {"kubernetes argocd-image-updater",
     {"kubernetes argocd-image-updater", "kubernetes argocd-image-updater -c dev"}},
    {"kubernetes cronjob", {"kubernetes cronjob", "kubernetes cronjob --namespace app"}},
    {"kubernetes daemonset", {"kubernetes daemonset", "kubernetes daemonset --platform k3s"}},
    {"kubernetes external-secret", {"kubernetes external-secret", "kubernetes external-secret -c dev"}},
    {"kubernetes provider-config",
     {"kubernetes provider-config --platform kubeadm",
      "kubernetes provider-config --platform eks --kubernetes-version 1.33"}},
    {"kubernetes pull-secret",
     {"kubernetes pull-secret | kubectl apply -f -", "kubernetes pull-secret --namespace app"}},
    {"kubernetes rbac",
     {"kubernetes rbac | kubectl apply -f -", "kubernetes rbac --namespace app --service-account web"}},
    {"kubernetes sql",
     {"kubernetes sql --issuer https://issuer.example.com",
      "kubernetes sql --namespace app --service-account web"}},
    {"list-images", {"list-images db.schema.repo", "list-images repo --like \"app%\" --format JSON"}},
    {"login", {"login", "login -c dev", "login --all"}},
    {"logout", {"logout", "logout dev", "logout dev --revoke"}},
    {"object", {"object list image-repository", "object drop image-repository db.schema.repo"}},
    {"object create",
     {"object create image-repository name=repo",
      "object create image-repository --json '{\"name\": \"repo\"}'"}},
    {"object describe", {"object describe image-repository repo"}},
    {"object drop",
     {"object drop image-repository db.schema.repo", "object drop image-repository repo --if-exists"}},
    {"object list", {"object list image-repository", "object list image-repository --in database db"}},
    {"pull", {"pull db.schema.repo/app:1", "pull repo/app -c dev", "pull repo/app:1 --platform linux/amd64"}},
    {"push",
     {"push app:1 db.schema.repo", "push app:1 db.schema.repo/web:2",
      "push oci:build/image db.schema.repo/app:1"}},
    {"ref", {"ref db.schema.repo/app:1", "ref @prod:db.schema.repo/app:1", "ref repo/app:1 -c dev"}},
    {"repositories", {"repositories", "repositories --in-account", "repositories -o json"}},
    {"serve", {"serve", "serve --listen 0 -c dev"}},
    {"setup", {"setup", "setup --dry-run", "setup --undo"}},
    {"status", {"status", "status -c dev", "status --json"}},
    {"tag", {"tag db.schema.repo/app:1 latest", "tag repo/app:1.2.3 1.2 1"}},
    {"token", {"token", "token -c dev --format CSV"}},
    {"url", {"url", "url db.schema.repo", "url repo -c dev"}},
    {"whoami", {"whoami", "whoami -c dev", "whoami -o json"}},
};

}  // namespace

std::span<const std::string_view> examples_of(std::string_view path) {
  const auto* found = std::ranges::find(all_examples, path, &CommandExamples::path);
  if (found == std::end(all_examples)) return {};
  const auto count = std::ranges::count_if(found->lines, [](auto line) { return !line.empty(); });
  return std::span{found->lines}.first(static_cast<std::size_t>(count));
}

}  // namespace plugin::commands
