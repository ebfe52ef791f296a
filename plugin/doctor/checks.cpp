// SPDX-License-Identifier: Apache-2.0
#include "doctor/checks.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.hpp"

namespace plugin::doctor {
namespace {

/// Shows a check that runs for more than a second, until this is destroyed.
class DelayedSpinner {
public:
  DelayedSpinner(ui::Prompter& prompter, std::string what)
      : thread_([this, &prompter, what = std::move(what)](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          const auto ended = [&](auto time) {
            return wake_.wait_for(lock, stop, time, [] { return false; });
          };
          ended(std::chrono::seconds{1});
          if (stop.stop_requested()) return;
          const auto indicator = prompter.show_progress(what);
          while (!stop.stop_requested()) ended(std::chrono::hours{1});
        }) {}

private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// A next step that names 'docker snowflake', with the command that works here in its place.
std::string with_command(std::string next, const std::string& command) {
  constexpr std::string_view usual = "docker snowflake";
  for (auto at = next.find(usual); at != std::string::npos; at = next.find(usual, at + command.size()))
    next.replace(at, usual.size(), command);
  return next;
}

/// By the id of a check that failed, or was skipped because of a failure: the title of what failed.
using Causes = std::map<std::string_view, std::string_view>;

std::string_view cause_of(const Check& check, const Causes& causes) {
  for (const auto id : check.depends_on) {
    if (const auto cause = causes.find(id); cause != causes.end()) return cause->second;
  }
  return {};
}

/// Makes a wrong clock a failure only if a login or a token has failed, which it may have caused.
void weigh_clock(std::vector<Result>& results) {
  const auto needs_clock = [](const Result& result) {
    return (result.group == Group::snowflake || result.group == Group::registry ||
            result.group == Group::kubernetes) &&
           result.finding.state == State::failed;
  };
  const auto clock = std::ranges::find(results, "clock", &Result::id);
  if (clock == results.end() || clock->finding.state != State::failed) return;
  if (std::ranges::none_of(results, needs_clock)) clock->finding.state = State::warning;
}

}  // namespace

const std::vector<Check>& all_checks() {
  using enum Group;
  static const std::vector<Check> checks = {
      {"docker", "docker", docker, {}, &check_docker},
      {"daemon", "Docker daemon", docker, {"docker"}, &check_daemon},
      {"helper", "helper", docker, {}, &check_helper},
      {"plugin", "plugin", docker, {}, &check_plugin},
      {"settings", "settings", connection, {}, &check_settings},
      {"connection-files", "connection files", connection, {}, &check_connection_files},
      {"connection", "connection", connection, {"settings", "connection-files"}, &check_connection},
      {"default", "default connection", connection, {"connection"}, &check_default},
      {"connection-keys", "connection keys", connection, {"connection"}, &check_connection_keys},
      {"host", "registry host", connection, {}, &check_host},
      {"authenticator", "authenticator", connection, {"connection"}, &check_authenticator},
      {"kernel-keyring", "kernel keyring", stores, {"settings"}, &check_kernel_keyring},
      {"secret-service", "Secret Service", stores, {"settings"}, &check_secret_service},
      {"stored", "stored tokens", stores, {"settings"}, &check_stored_credentials},
      {"dns", "DNS", network, {}, &check_dns},
      {"tcp", "TCP", network, {"dns"}, &check_tcp},
      {"proxy", "proxy", network, {"dns", "tcp"}, &check_proxy},
      {"tls", "TLS", network, {"dns", "tcp", "proxy"}, &check_tls},
      {"clock", "clock", network, {"tls"}, &check_clock},
      {"login", "login", snowflake, {"authenticator", "connection", "tls"}, &check_login},
      {"session", "session", snowflake, {"login"}, &check_session},
      {"docker-config", "Docker's config", docker_config, {}, &check_docker_config},
      {"docker-auth-config", "DOCKER_AUTH_CONFIG", docker_config, {}, &check_docker_auth_config},
      {"cred-helpers",
       "Docker setup",
       docker_config,
       {"docker-config", "connection", "host"},
       &check_cred_helpers},
      {"docker-logins", "Docker's logins", docker_config, {"cred-helpers"}, &check_docker_logins},
      {"other-helpers", "other helpers", docker_config, {"docker-config"}, &check_other_helpers},
      {"buildx", "buildx", docker_config, {}, &check_buildx},
      {"containers", "podman", docker_config, {}, &check_containers},
      {"registry", "registry", registry, {"tls"}, &check_registry},
      {"token", "registry token", registry, {"login", "registry"}, &check_token},
      {"repository", "repository", repository, {"login"}, &check_repository},
      {"pull", "pull", repository, {"token", "repository"}, &check_pull},
      {"push", "push", repository, {"token", "repository"}, &check_push},
      {"kubelet", "kubelet", kubernetes, {}, &check_kubelet},
      {"provider", "provider", kubernetes, {"kubelet"}, &check_provider},
      {"provider-program", "program", kubernetes, {"provider"}, &check_provider_program},
      {"provider-token", "registry token", kubernetes, {"provider-program", "tls"}, &check_provider_token},
  };
  return checks;
}

Finding finding_of(const std::function<Finding()>& check, const CheckContext& context) {
  try {
    return check();
  } catch (const base::Error& error) {
    std::vector<std::string> fix;
    if (error.kind() == base::Kind::login_required && context.connection) {
      const auto& name = context.connection->name;
      fix = name.empty() ? std::vector<std::string>{"login", "-x"}
                         : std::vector<std::string>{"login", "-c", name};
    }
    return failed(error.what(), error.hint(), fix);
  }
}

Report run_checks(const std::vector<Check>& checks, CheckContext& context) {
  Report report;
  Causes causes;
  for (const auto& check : checks) {
    const auto cause = cause_of(check, causes);
    const auto run = [&] {
      const DelayedSpinner spinner{context.prompter, std::string{"checking: "} + check.title};
      return check.run(context);
    };
    Result result{check.id, check.title, check.group,
                  cause.empty() ? finding_of(run, context) : skipped("because of " + std::string{cause})};
    if (!cause.empty()) causes.emplace(check.id, cause);
    if (result.finding.state == State::failed) causes.emplace(check.id, check.title);
    report.results.push_back(std::move(result));
  }
  weigh_clock(report.results);
  // At the end, when every secret is known.
  for (auto& [id, title, group, finding] : report.results) {
    finding.next = with_command(std::move(finding.next), context.command);
    finding = context.redaction.clean(std::move(finding));
  }
  report.host = context.host ? context.host->name() : "";
  report.repository = context.repository ? context.repository->name : "";
  return report;
}

}  // namespace plugin::doctor
