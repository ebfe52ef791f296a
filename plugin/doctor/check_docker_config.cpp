// SPDX-License-Identifier: Apache-2.0
#include "doctor/checks.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "docker/registry_host.hpp"
#include "docker_config/config_paths.hpp"

namespace plugin::doctor {
namespace {

constexpr const char* no_registry = "the registry is not known";
constexpr std::chrono::seconds store_timeout{5};

std::filesystem::path file_of(const CheckContext& context) { return context.docker_folder() / "config.json"; }

/// "line 3". The text there is not quoted: it may be a token.
std::string line_at(std::string_view text, std::size_t byte) {
  return "line " + std::to_string(std::ranges::count(text.substr(0, byte), '\n') + 1);
}

/// A key of `credHelpers` or `auths` that means `host` and is not it; empty when there is none.
std::string misspelled_key(const base::Json& config, const std::string& host) {
  for (const char* section : {"credHelpers", "auths"}) {
    for (const auto& [key, value] : base::member(config, section).items()) {
      if (key == host || key == host + ":443") continue;
      const auto meant = docker::RegistryHost::parse(key, {host});
      if (meant && meant->name() == host)
        return std::string{section} + " has '" + base::printable(without_login(key), 200) + "'";
    }
  }
  return {};
}

/// Where podman, buildah and skopeo look, the first that is found (containers-auth.json(5)).
std::vector<std::filesystem::path> container_files(const base::Environment& environment) {
  std::vector<std::filesystem::path> files;
  if (const auto file = docker_config::containers_runtime_file(environment)) files.push_back(*file);
  files.push_back(docker_config::containers_file(environment));
  return files;
}

bool holds_credential(const base::Json& entry) {
  constexpr std::array<std::string_view, 4> fields = {"auth", "password", "identitytoken", "registrytoken"};
  return std::ranges::any_of(
      fields, [&](std::string_view field) { return !base::text_at(entry, field).value_or("").empty(); });
}

/// Why docker-credential-`name` cannot serve; empty when it can.
std::string trouble_with(const std::string& name, const base::Environment& environment) {
  const std::string program = "docker-credential-" + name;
  if (!docker_config::find_program(program, environment)) return program + " is not in the PATH";
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
  const auto file = file_of(context);
  const auto text = base::read_file(file);
  if (!text) return ok(file.string() + " does not exist yet");
  try {
    context.docker_config = base::Json::parse(*text);
  } catch (const base::Json::parse_error& error) {
    return failed(file.string() + " is not JSON: " + line_at(*text, error.byte),
                  "correct that line or the one above it: Docker ignores the file, and may overwrite it");
  }
  context.redaction.add_docker_config(context.docker_config);
  if (!context.docker_config.is_object())
    return failed(file.string() + " is JSON, but not an object", "make it begin with { and end with }");
  return ok(file.string());
}

Finding check_cred_helpers(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto& host = context.host->name();
  const auto& config = context.docker_config;
  const auto& helpers = base::member(config, "credHelpers");
  const auto named = base::text_at(helpers, host);
  const std::vector<std::string> setup = {"setup", "--host", host};
  const std::string next = "docker snowflake setup --host " + host;
  if (named && named != "snowflake")
    return failed("Docker asks docker-credential-" + base::printable(*named, 50) + " for " + host, next,
                  setup);
  if (base::text_at(config, "credsStore") == "snowflake") {
    const std::string remedy = "take \"credsStore\" out of " + file_of(context).string();
    return warning(
        "credsStore makes Docker ask this helper for every registry, so other logins are not stored",
        named ? remedy : next + ", and " + remedy);
  }
  if (!named && has_login(config, host)) {
    return failed(file_of(context).string() +
                      " holds a token of an earlier 'docker login', which Docker uses instead of the helper",
                  next, setup);
  }
  if (!named) {
    const auto misspelled = misspelled_key(config, host);
    return failed(misspelled.empty() ? "Docker does not know that the helper is for " + host
                                     : misspelled + ", but Docker looks for '" + host + "', letter by letter",
                  next, setup);
  }
  const auto with_port = base::text_at(helpers, host + ":443");
  if (with_port && with_port != "snowflake") {
    return warning(
        "nerdctl asks docker-credential-" + base::printable(*with_port, 50) + " for " + host + ":443", next,
        setup);
  }
  return ok("Docker uses the helper for " + host + (with_port ? ", also with :443" : ""));
}

Finding check_docker_logins(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto& host = context.host->name();
  if (!has_login(context.docker_config, host)) return ok("no token of an earlier 'docker login'");
  return warning(file_of(context).string() + " holds a token of an earlier 'docker login', in plain text",
                 "docker logout " + host);
}

/// 'docker build' and docker-py ask every helper that the file names, whatever the image.
Finding check_other_helpers(CheckContext& context) {
  std::set<std::string> names;
  for (const auto& helper : base::member(context.docker_config, "credHelpers"))
    if (helper.is_string()) names.insert(helper.get<std::string>());
  const auto store = base::text_at(context.docker_config, "credsStore").value_or("");
  names.insert(store);
  names.erase("");
  names.erase("snowflake");
  for (const auto& name : names) {
    const auto trouble = trouble_with(name, context.environment);
    if (trouble.empty()) continue;
    const std::string where = file_of(context).string();
    if (name == store) {
      return failed("credsStore: " + trouble + ", so docker build and docker login fail",
                    "take \"credsStore\" out of " + where + ", or install and set up that helper");
    }
    return warning("credHelpers: " + trouble + ", so builds that ask every registry's helper fail",
                   "take the entry out of " + where + ", or install that helper");
  }
  return ok(names.empty() ? "none"
                          : "docker-credential-" + base::join({names.begin(), names.end()}, ", ") + " work");
}

Finding check_docker_auth_config(CheckContext& context) {
  const auto value = context.environment.non_empty("DOCKER_AUTH_CONFIG");
  if (!value) return ok("not set");
  const auto json = base::parse_json(*value);
  if (!json) return warning("DOCKER_AUTH_CONFIG is set, and is not JSON", "unset DOCKER_AUTH_CONFIG");
  if (context.host && has_login(*json, context.host->name())) {
    return failed("DOCKER_AUTH_CONFIG has a login for " + context.host->name() +
                      ", which Docker uses instead of asking the helper",
                  "unset DOCKER_AUTH_CONFIG, or take that entry out of it");
  }
  return ok("set, for other registries");
}

Finding check_buildx(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  const auto set = context.environment.non_empty("BUILDX_CONFIG");
  const auto folder = (set ? std::filesystem::path{*set} : context.docker_folder() / "buildx") / "config" /
                      context.host->name();
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return ok("builds use Docker's own config");
  return warning("builds use " + folder.string() + " for this registry, and not Docker's own config",
                 "rm -r " + shell_word(folder.string()) + ", unless that is intended");
}

Finding check_containers(CheckContext& context) {
  if (!context.host) return skipped(no_registry);
  for (const auto& file : container_files(context.environment)) {
    const auto text = base::read_file(file);
    if (!text) continue;
    const auto json = base::parse_json(*text);
    if (!json)
      return warning(file.string() + " is not JSON", "correct it: podman, buildah and skopeo stop at it");
    context.redaction.add_docker_config(*json);
    const auto& host = context.host->name();
    const auto helper = base::text_at(base::member(*json, "credHelpers"), host);
    if (helper == "snowflake") return ok(file.string() + " names the helper");
    if (has_login(*json, host)) {
      return warning(
          "podman, buildah and skopeo use a token in " + file.string() + " instead of asking the helper",
          "podman logout " + host);
    }
  }
  return ok("podman, buildah and skopeo find what Docker finds");
}

bool has_login(const base::Json& config, const std::string& host) {
  for (const auto& [key, entry] : base::member(config, "auths").items()) {
    const auto meant = docker::RegistryHost::parse(key, {host});
    if (meant && meant->name() == host && holds_credential(entry)) return true;
  }
  return false;
}

}  // namespace plugin::doctor
