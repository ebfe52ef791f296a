// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "docker_config/config_paths.hpp"
#include "doctor/checks.hpp"
#include "version.hpp"

namespace plugin::doctor {
namespace {

constexpr const char* helper = "docker-credential-snowflake";
const std::string own_version{version};
constexpr std::chrono::seconds timeout{5};

/// Where Docker looks for plugins after its own folder (`docker/PROTOCOL.md` 2.1).
constexpr std::array system_folders = {"/usr/local/lib/docker/cli-plugins",
                                       "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins",
                                       "/usr/libexec/docker/cli-plugins"};

/// Empty where it cannot be read: another check says that.
std::string docker_config_text(const Examination& examination) {
  try {
    return base::read_file(examination.docker_folder() / "config.json").value_or("");
  } catch (const base::Error&) {
    return {};
  }
}

std::vector<std::filesystem::path> plugin_folders(const Examination& examination) {
  std::vector<std::filesystem::path> folders;
  const auto json = base::parse_json(docker_config_text(examination));
  for (const auto& folder : base::member(json.value_or(base::Json{}), "cliPluginsExtraDirs")) {
    if (folder.is_string()) folders.emplace_back(folder.get<std::string>());
  }
  folders.push_back(examination.docker_folder() / "cli-plugins");
  folders.insert(folders.end(), system_folders.begin(), system_folders.end());
  return folders;
}

/// The first of them that has the file.
std::optional<std::filesystem::path> find_in(const std::vector<std::filesystem::path>& folders,
                                             const char* name) {
  for (const auto& folder : folders) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / name, ignored)) return folder / name;
  }
  return std::nullopt;
}

/// A program of that name in the PATH that `docker_config::find_program` passes over.
std::optional<std::filesystem::path> find_without_permission(const std::string& name,
                                                             const base::Environment& environment) {
  for (const auto& folder : base::split(environment.get("PATH").value_or(""), ':')) {
    const auto file = std::filesystem::path{folder} / name;
    std::error_code ignored;
    if (folder.starts_with('/') && std::filesystem::is_regular_file(file, ignored)) return file;
  }
  return std::nullopt;
}

ProgramResult run(const std::filesystem::path& program, const char* word, const Examination& examination) {
  auto result =
      base::run_program({program.string(), word}, base::Secret{}, examination.context.environment, timeout);
  return result ? std::move(*result) : ProgramResult{127, "", ""};
}

/// "docker-credential-snowflake (address) 1.2.3" has three words.
std::string version_in(const std::string& answer) {
  const auto words = base::split(base::trim(answer), ' ');
  return words.size() == 3 && words[0] == helper ? base::printable(words[2], 50) : "";
}

}  // namespace

Finding look_at_docker(Examination& examination) {
  if (const auto docker = docker_config::find_program("docker", examination.context.environment)) {
    // (docker/PROTOCOL.md 3.1)
    if (docker->string().find("/snap/") == std::string::npos) return good(docker->string());
    return odd(docker->string() + " comes as a snap, which cannot start helpers from outside of it",
               "install docker from its own packages: https://docs.docker.com/engine/install");
  }
  if (const auto podman = docker_config::find_program("podman", examination.context.environment))
    return odd("docker is not installed; " + podman->string() + " is",
               "install docker, if you want to use it");
  return broken("docker is not in the PATH", "install docker: https://docs.docker.com/engine/install");
}

Finding look_at_helper(Examination& examination) {
  const auto& environment = examination.context.environment;
  const std::string name = helper;
  const auto found = docker_config::find_program(name, environment);
  if (!found) {
    if (const auto file = find_without_permission(name, environment))
      return broken(file->string() + " may not be started", "chmod 755 " + file->string());
    return broken(name + " is not in the PATH: Docker does not find it",
                  "install it into a folder of the PATH, such as /usr/local/bin");
  }
  const auto result = run(*found, "version", examination);
  const std::string its_version = version_in(result.out);
  if (result.status != 0 || its_version.empty()) {
    return broken(found->string() + " does not tell its version (exit status " +
                      std::to_string(result.status) + "): it does not run here, or is another program",
                  found->string() + " version");
  }
  if (its_version != version) {
    return odd(found->string() + " is version " + its_version + ", and this is " + own_version,
               "install both from the same package, and remove the older one");
  }
  if (const auto misplaced = find_in(plugin_folders(examination), helper))
    return odd(misplaced->string() + " stands among Docker's plugins, where Docker takes it for a broken one",
               "rm " + misplaced->string());
  return good(found->string() + " " + its_version);
}

Finding look_at_plugin(Examination& examination) {
  const auto found = find_in(plugin_folders(examination), "docker-snowflake");
  if (!found) {
    return odd(
        "docker-snowflake is in no folder of Docker's plugins: 'docker snowflake' is unknown to Docker",
        "ln -s <folder>/docker-snowflake " +
            (examination.docker_folder() / "cli-plugins/docker-snowflake").string());
  }
  const auto result = run(*found, "docker-cli-plugin-metadata", examination);
  const auto metadata = base::parse_json(result.out).value_or(base::Json{});
  const auto its_version = base::text_at(metadata, "Version").value_or("");
  if (result.status != 0 || its_version.empty())
    return odd(found->string() + " does not answer Docker", found->string() + " docker-cli-plugin-metadata");
  if (its_version != version) {
    return odd("Docker starts " + found->string() + ", version " + base::printable(its_version, 50) +
                   ", and this is " + own_version,
               "install one of them only");
  }
  return good(found->string() + " " + its_version);
}

}  // namespace plugin::doctor
