// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <optional>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "config/connection_keys.hpp"
#include "helper.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet_commands.hpp"
#include "kubelet_identity.hpp"
#include "kubelet_request.hpp"

namespace helper {
namespace {

using base::Error;
using base::Kind;

/// A kubelet gives up after 60 seconds (kubernetes/kubernetes, pkg/credentialprovider/plugin/plugin.go).
constexpr std::chrono::seconds limit{45};
/// The deadline of requests. The limit above also covers what no deadline can interrupt: standard input that
/// is never closed, and DNS lookups that hang.
constexpr std::chrono::seconds timeout = limit - std::chrono::seconds{1};

constexpr std::string_view provider_help =
    R"(Answer a kubelet that pulls images from a Snowflake registry.

Usage: docker-credential-snowflake kubelet-credential-provider
           [--config-file FILE]

A kubelet runs this program by itself once its CredentialProviderConfig has an
entry for it:

  apiVersion: kubelet.config.k8s.io/v1
  kind: CredentialProviderConfig
  providers:
    - name: docker-credential-snowflake
      apiVersion: credentialprovider.kubelet.k8s.io/v1
      matchImages: ["*.registry.snowflakecomputing.com"]
      defaultCacheDuration: "0s"
      args: ["kubelet-credential-provider"]
      tokenAttributes:                 # Kubernetes 1.34 and newer
        serviceAccountTokenAudience: snowflakecomputing.com
        cacheType: ServiceAccount
        requireServiceAccount: true

'docker-credential-snowflake kubelet-install' writes that entry, and
'docker snowflake kubernetes provider-config' prints it for a platform and a
version of Kubernetes.

It logs in with the first of these that the request or the entry has:
  1. the token of the pod's service account (tokenAttributes); the account is
     the one that the image's host names
  2. the node's own identity in the cloud that
     SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER names: AWS, AZURE or GCP
  3. a connection: --config-file in args, or SNOWFLAKE_HOME or SNOWFLAKE_ACCOUNT
     in env; its files must belong to root with mode 0600
  4. the node's own identity in the cloud that it runs in

SNOWFLAKE_ROLE in env, or the annotation snowflake.com/role of the service
account, names the role; without them it is the user's default role.

      --config-file FILE   a config.toml of the Snowflake CLI
  -h, --help               print this text
)";

/// Prints the error on one line, for the kubelet's log.
int fail(const Error& error) {
  base::write_standard_error("docker-credential-snowflake: " + on_one_line(error) + '\n');
  return 1;
}

int answer_request(const std::optional<std::filesystem::path>& config_file) {
  const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
  base::SystemClock clock;
  const base::Deadline deadline{clock, timeout};
  const base::Secret input{base::read_standard_input(max_input)};
  if (input.reveal().size() > max_input)
    throw Error(Kind::usage, "the request on standard input is longer than a megabyte");
  const auto request = KubeletRequest::parse(input.reveal());
  const auto identity = choose_kubelet_identity(request, config_file, environment);
  const auto token = kubelet_token(identity, environment, deadline, clock);
  const auto response = kubelet_response(request, token, clock.now());
  return base::write_answer("docker-credential-snowflake", response.reveal()) ? 0 : 1;
}

}  // namespace

int run_kubelet_provider(const std::vector<std::string_view>& arguments) {
  base::end_program_after(limit, "", "docker-credential-snowflake: gave up after 45 seconds\n", 1);
  try {
    const auto options = parse_kubelet_options(kubelet::provider_argument, arguments, {"--config-file"});
    if (options.contains("--help"))
      return base::write_answer("docker-credential-snowflake", provider_help) ? 0 : 1;
    const auto file = options.find("--config-file");
    return answer_request(file == options.end() ? std::nullopt
                                                : std::optional<std::filesystem::path>{file->second});
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::exception& error) {
    return fail({Kind::internal, error.what()});
  }
}

}  // namespace helper
