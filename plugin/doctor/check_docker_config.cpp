// SPDX-License-Identifier: Apache-2.0
#include "doctor/checks.hpp"

#include <algorithm>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "docker/registry.hpp"
#include "docker_config/container_tools.hpp"
#include "docker_config/plan.hpp"

namespace plugin::doctor {
namespace {

using docker_config::DockerConfig;

constexpr const char* no_registry = "the registry is not known";
constexpr std::chrono::seconds store_timeout{5};

bool means(const std::string& key, const std::string& host) {
  const auto meant = docker::RegistryHost::parse(key, {host});
  return meant && meant->name() == host;
}

/// A key of `credHelpers` or `auths` that means `host` but is spelled differently; empty when there is none.
std::string misspelled_key(const DockerConfig& config, const std::string& host) {
  const auto find_in = [&](const char* section, const auto& entries) {
    for (const auto& [key, value] : entries) {
      if (key != host && key != host + ":443" && means(key, host))
        return std::string{section} + " has '" + base::printable(docker_config::without_user_info(key), 200) +
               "'";
    }
    return std::string{};
  };
  const auto found = find_in("credHelpers", config.helpers);
  return found.empty() ? find_in("auths", config.logins) : found;
}

/// Where podman, buildah and skopeo look, the first that is found (containers-auth.json(5)).
std::vector<std::filesystem::path> container_files(const base::Environment& environment) {
  std::vector<std::filesystem::path> files;
  if (const auto file = docker_config::containers_runtime_file(environment)) files.push_back(*file);
  files.push_back(docker_config::containers_file(environment));
  return files;
}

/// Why docker-credential-`name` cannot serve; empty when it can.
std::string trouble_with(const std::string& name, const base::Environment& environment) {
  const std::string program = "docker-credential-" + name;
  if (!base::find_program(program, environment)) return program + " is not on the PATH";
  try {
    const auto result = base::run_program({program, "list"}, base::Secret{}, environment, store_timeout);
    if (result && result->status == 0) return {};
    if (!result) return program + " cannot be started";
    const auto words = base::trim(result->err.empty() ? result->out : result->err);
    if (words.empty()) return program + " does not answer";
    return program + " does not work: " + base::printable(words.substr(0, words.find('\n')), 200);
  } catch (const base::Error& error) {
    return error.what();
  }
}

}  // namespace

Finding check_docker_config(CheckContext& context) {
  const auto file = context.docker_file().string();
  const auto& config = context.docker_config();
  if (config.error) return failed(config.error->what(), config.error->hint());
  if (!config.mismatches.empty()) {
    return warning(config.mismatches.front(),
                   "correct it: Docker warns about it with every command, and skips it");
  }
  std::error_code ignored;
  return ok(std::filesystem::exists(file, ignored) ? file : file + " does not exist yet");
}

Finding check_cred_helpers(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto& host = context.host->name();
  const auto& config = context.docker_config();
  const auto helper_of = [&config](const std::string& registry) -> std::optional<std::string> {
    const auto found = config.helpers.find(registry);
    return found == config.helpers.end() ? std::nullopt : std::optional{found->second};
  };
  const auto named = helper_of(host);
  const std::vector<std::string> setup = {"setup", "--host", host};
  const std::string next = "docker snowflake setup --host " + host;
  if (named && named->empty())
    return failed("Docker's config names no helper for " + host + ": its entry is empty", next, setup);
  if (named && named != "snowflake")
    return failed("Docker asks docker-credential-" + base::printable(*named, 50) + " for " + host, next,
                  setup);
  if (config.store == "snowflake") {
    const std::string remedy = "remove \"credsStore\" from " + context.docker_file().string();
    return warning("Docker asks this helper for every registry, so other logins are not stored",
                   named ? remedy : next + ", and " + remedy);
  }
  if (!named && has_login(config, host)) {
    return failed(context.docker_file().string() +
                      " holds a token of an earlier 'docker login', which Docker uses instead of the helper",
                  next, setup);
  }
  if (!named) {
    const auto misspelled = misspelled_key(config, host);
    return failed(misspelled.empty() ? "Docker does not know that the helper is for " + host
                                     : misspelled + ", but Docker looks for exactly '" + host + "'",
                  next, setup);
  }
  const auto with_port = helper_of(host + ":443");
  if (with_port && with_port != "snowflake")
    return warning(
        "nerdctl asks docker-credential-" + base::printable(*with_port, 50) + " for " + host + ":443", next,
        setup);
  return ok("Docker uses the helper for " + host + (with_port ? ", also with :443" : ""));
}

Finding check_docker_logins(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto& host = context.host->name();
  if (!has_login(context.docker_config(), host)) return ok("no token of an earlier 'docker login'");
  return warning(
      context.docker_file().string() + " holds a token of an earlier 'docker login', in plain text",
      "docker logout " + host);
}

/// 'docker build' and docker-py ask every helper that the file names, whatever the image.
Finding check_other_helpers(CheckContext& context) {
  const auto& config = context.docker_config();
  auto names = config.helper_names();
  std::erase(names, "snowflake");
  for (const auto& name : names) {
    const auto trouble = trouble_with(name, context.environment);
    if (trouble.empty()) continue;
    const std::string where = context.docker_file().string();
    if (name == config.store) {
      return warning(trouble + ", so docker build and logins to other registries fail",
                     "remove \"credsStore\" from " + where + ", or install and set up that helper");
    }
    return warning(trouble + ", so builds that ask every registry's helper fail",
                   "remove its entry from \"credHelpers\" in " + where + ", or install that helper");
  }
  return ok(names.empty() ? "none" : "docker-credential-" + base::join(names, ", ") + " work");
}

Finding check_docker_auth_config(CheckContext& context) {
  constexpr const char* variable = "DOCKER_AUTH_CONFIG";
  const auto value = context.environment.non_empty(variable);
  if (!value) return ok("not set");
  const auto config = DockerConfig::read(*value, variable);
  if (config.error) return warning(config.error->what(), "unset DOCKER_AUTH_CONFIG");
  if (context.host && has_login(config, context.host->name())) {
    return failed("DOCKER_AUTH_CONFIG has a login for " + context.host->name() +
                      ", which Docker uses instead of asking the helper",
                  "unset DOCKER_AUTH_CONFIG, or remove that entry from it");
  }
  return ok("set, for other registries");
}

Finding check_buildx(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto set = context.environment.non_empty("BUILDX_CONFIG");
  const auto directory = (set ? std::filesystem::path{*set} : context.docker_directory() / "buildx") /
                         "config" / context.host->name();
  std::error_code ignored;
  if (!std::filesystem::exists(directory, ignored)) return ok("builds use Docker's own config");
  return warning("builds use " + directory.string() + " for this registry, and not Docker's own config",
                 "rm -r " + shell_word(directory.string()) + ", unless that is intended");
}

Finding check_containers(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  for (const auto& file : container_files(context.environment)) {
    const auto text = base::read_file(file);
    if (!text) continue;
    const auto config = DockerConfig::read(*text, file.string());
    context.redaction.add(config);
    if (config.error) {
      return warning(config.error->what(), "correct it: podman, buildah and skopeo fail on it");
    }
    const auto& host = context.host->name();
    const auto helper = config.helpers.find(host);
    if (helper != config.helpers.end() && helper->second == "snowflake")
      return ok(file.string() + " names the helper");
    if (has_login(config, host)) {
      return warning(
          "podman, buildah and skopeo use a token in " + file.string() + " instead of asking the helper",
          "podman logout " + host);
    }
  }
  return ok("podman, buildah and skopeo find what Docker finds");
}

bool has_login(const DockerConfig& config, const std::string& host) {
  return std::ranges::any_of(config.logins, [&](const auto& entry) {
    return means(entry.first, host) && entry.second.has_credential();
  });
}

}  // namespace plugin::doctor
