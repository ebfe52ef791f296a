// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "docker_config/docker_config.hpp"
#include "doctor/checks.hpp"
#include "doctor/programs.hpp"
#include "push/engine.hpp"
#include "version.hpp"

namespace plugin::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* install_docker = "install docker: https://docs.docker.com/engine/install";

/// Where the docker program looks for plugins after its own directory
/// (https://github.com/docker/cli, cli-plugins/manager).
constexpr std::array system_directories = {"/usr/local/lib/docker/cli-plugins",
                                           "/usr/local/libexec/docker/cli-plugins",
                                           "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins"};

/// Where Docker looks for plugins. If its configuration cannot be read, which another check reports, only the
/// directories of the system.
std::vector<fs::path> plugin_directories(CheckContext& context) {
  std::vector<fs::path> directories;
  try {
    directories.push_back(context.docker_directory() / "cli-plugins");
    const auto& extra = context.docker_config().plugin_directories;
    directories.insert(directories.begin(), extra.begin(), extra.end());
  } catch (const base::Error&) {
    // There is no home directory, or a file that cannot be read.
  }
  directories.insert(directories.end(), system_directories.begin(), system_directories.end());
  return directories;
}

/// The first of them that has the file.
std::optional<fs::path> find_in(const std::vector<fs::path>& directories, const char* name) {
  for (const auto& directory : directories) {
    std::error_code ignored;
    if (fs::is_regular_file(directory / name, ignored)) return directory / name;
  }
  return std::nullopt;
}

std::vector<fs::path> path_directories(const base::Environment& environment) {
  std::vector<fs::path> directories;
  for (const auto& directory : base::split(environment.get("PATH").value_or(""), ':')) {
    if (directory.starts_with('/')) directories.emplace_back(directory);
  }
  return directories;
}

/// Where the helper may have been installed although the PATH does not lead there.
std::vector<fs::path> install_directories(const base::Environment& environment) {
  std::vector<fs::path> directories = {"/usr/local/bin", "/usr/bin"};
  if (const auto home = environment.home(); home.is_absolute()) {
    directories.push_back(home / ".local/bin");
    directories.push_back(home / "bin");
  }
  if (const auto own = own_program().parent_path(); !own.empty()) {
    directories.push_back(own);
    directories.push_back((own / "../../../bin").lexically_normal());
  }
  return directories;
}

Finding helper_is_missing(const CheckContext& context) {
  const auto& environment = context.environment;
  if (const auto file = find_in(path_directories(environment), helper_name)) {
    const std::string path = shell_word(file->string());
    return failed(file->string() + " is not executable", "chmod 755 " + path,
                  {"chmod", "755", file->string()});
  }
  const std::string sentence = std::string{helper_name} + " is not on the PATH, so Docker does not find it";
  if (const auto file = find_in(install_directories(environment), helper_name)) {
    const auto directory = file->parent_path().string();
    return failed(sentence + ": it is in " + directory +
                      " (cron jobs and systemd services have a shorter PATH than a terminal)",
                  "export PATH=" + shell_word(directory) + ":\"$PATH\"");
  }
  return failed(sentence, "install it into a directory of the PATH, such as /usr/local/bin");
}

/// The variables that decide which daemon docker talks to, even for its version.
constexpr std::array daemon_variables = {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_TLS",
                                         "DOCKER_CERT_PATH"};

/// Why a docker that is installed does not report its version.
Finding docker_does_not_work(const fs::path& docker, const base::ProgramResult& result,
                             CheckContext& context) {
  if (const auto why = wrong_processor(docker); !why.empty())
    return failed(docker.string() + " " + why, install_docker);
  const auto& environment = context.environment;
  const std::string sentence = docker.string() + " does not work: " + first_line(result);
  if (environment.non_empty("WSL_DISTRO_NAME") || first_line(result).find("WSL") != std::string::npos)
    return failed(sentence, "turn on WSL integration for this distribution in Docker Desktop's settings");
  auto variables = environment.all();
  std::vector<std::string> set;
  for (const char* name : daemon_variables) {
    if (variables.erase(name) != 0) set.emplace_back(name);
  }
  const auto works_with = [&](const std::vector<std::string>& words) {
    return run_program(words, environment.with(variables)).status == 0;
  };
  if (!set.empty() && works_with({docker.string(), "--version"})) {
    return failed(sentence, "correct or unset " + base::join(set, ", ") + ": docker works without " +
                                (set.size() == 1 ? "it" : "them"));
  }
  if (works_with({docker.string(), "--config", "/var/empty", "--version"}))
    return failed(sentence, "docker works without its configuration: ls -la " +
                                shell_word(context.docker_directory().string()));
  return failed(sentence, install_docker);
}

}  // namespace

Finding check_docker(CheckContext& context) {
  const auto& environment = context.environment;
  const auto docker = base::find_program("docker", environment);
  const auto podman = base::find_program("podman", environment);
  const auto docker_command = context.command;
  // For next steps; set back once a docker is found that works.
  context.command = base::find_program("docker-snowflake", environment) ? "docker-snowflake"
                                                                        : shell_word(own_program().string());
  if (!docker && podman) return ok(podman->string() + ", without docker");
  if (!docker) return failed("docker is not on the PATH", install_docker);
  const auto result = run_program({docker->string(), "--version"}, environment);
  const std::string version = first_line({result.status, result.out, ""});
  const bool is_podman = version.starts_with("podman ");
  if (is_podman || version.starts_with("nerdctl ")) {
    return ok(docker->string() + " is " + (is_podman ? "podman" : "nerdctl") + " (" + version +
              "): 'docker snowflake' is " + context.command);
  }
  if (!version.starts_with("Docker version ")) return docker_does_not_work(*docker, result, context);
  context.command = docker_command;
  context.docker = docker;
  std::error_code ignored;
  const auto real = fs::canonical(*docker, ignored);
  // A snap runs confined: it cannot start programs outside of it.
  if (docker->string().starts_with("/snap/") || docker->string().find("/snap/bin/") != std::string::npos ||
      real.filename() == "snap") {
    return warning(docker->string() + " is a snap, which cannot run credential helpers outside of it",
                   "sudo snap remove docker, then " + std::string{install_docker});
  }
  return ok(docker->string() + ": " + version);
}

Finding check_daemon(CheckContext& context) {
  if (!context.docker) return skipped("docker is not used");
  auto result = run_program({context.docker->string(), "--config", context.docker_directory().string(),
                             "version", "--format", "{{.Server.Version}}"},
                            context.environment);
  result.err = push::without_warnings(result.err);
  if (result.status == 0) return ok("version " + base::printable(base::trim(result.out), 50));
  const auto words = first_line(result);
  const bool names_daemon = words.find("daemon") != std::string::npos;
  return failed(result.timed_out ? "the Docker daemon does not answer"
                                 : (names_daemon ? "" : "the Docker daemon cannot be used: ") + words,
                push::how_to_reach_engine(result.err, context.environment));
}

Finding check_helper(CheckContext& context) {
  const auto found = base::find_program(helper_name, context.environment);
  if (!found) return helper_is_missing(context);
  const auto result = run_program({found->string(), "version"}, context.environment);
  const std::string its_version = version_in(result.out);
  if (result.status != 0 || its_version.empty()) {
    if (const auto why = wrong_processor(*found); !why.empty())
      return failed(found->string() + " " + why,
                    "install the package for this machine, and remove this file");
    return failed(found->string() + " does not report its version (exit status " +
                      std::to_string(result.status) + "): it does not run here, or is another program",
                  shell_word(found->string()) + " version");
  }
  if (its_version != version) {
    return warning(found->string() + " is version " + its_version + ", and this is " + std::string{version},
                   "install both from the same package, and remove the older one");
  }
  if (const auto misplaced = find_in(plugin_directories(context), helper_name)) {
    return warning(misplaced->string() +
                       " is in a directory of Docker plugins, where Docker treats it as a broken plugin",
                   "rm " + shell_word(misplaced->string()));
  }
  const auto home = context.environment.home().string();
  const bool below_home = home.size() > 1 && found->string().starts_with(home + "/");
  return ok(found->string() + " " + its_version +
            (below_home
                 ? "; cron jobs and systemd services need " + found->parent_path().string() + " in their PATH"
                 : ""));
}

Finding check_plugin(CheckContext& context) {
  if (!context.docker) return skipped("docker is not used");
  const auto found = find_in(plugin_directories(context), "docker-snowflake");
  if (!found) {
    const auto directory = context.docker_directory() / "cli-plugins";
    return warning(
        "docker-snowflake is not in a directory of Docker plugins, so 'docker snowflake' is unknown to "
        "Docker",
        "mkdir -p " + shell_word(directory.string()) + " && ln -sf " + shell_word(own_program().string()) +
            " " + shell_word((directory / "docker-snowflake").string()));
  }
  const auto result = run_program({found->string(), "docker-cli-plugin-metadata"}, context.environment);
  const auto metadata = base::parse_json(result.out).value_or(base::Json{});
  const auto its_version = base::text_at(metadata, "Version").value_or("");
  if (result.status != 0 || its_version.empty()) {
    if (const auto why = wrong_processor(*found); !why.empty())
      return warning(found->string() + " " + why,
                     "install the package for this machine, and remove this file");
    return warning(found->string() + " does not answer Docker",
                   shell_word(found->string()) + " docker-cli-plugin-metadata");
  }
  if (its_version != version) {
    return warning("Docker starts " + found->string() + ", version " + base::printable(its_version, 50) +
                       ", and this is " + std::string{version},
                   "install one of them only");
  }
  return ok(found->string() + " " + its_version);
}

std::vector<TitledFinding> check_programs(CheckContext& context) {
  // In this order: the first one finds the program that the second one starts.
  std::vector<TitledFinding> findings;
  const auto add = [&](const char* title, Finding (*check)(CheckContext&)) {
    findings.push_back({title, finding_of([&] { return check(context); }, context)});
  };
  add("docker", &check_docker);
  add("Docker daemon", &check_daemon);
  add("helper", &check_helper);
  // Other clients need no docker.
  auto& docker = findings.front().finding;
  if (docker.state == State::failed && !base::find_program("docker", context.environment))
    docker.state = State::warning;
  for (auto& [title, finding] : findings) finding = context.redaction.clean(std::move(finding));
  return findings;
}

}  // namespace plugin::doctor
