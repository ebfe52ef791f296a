// SPDX-License-Identifier: Apache-2.0
#include "kubelet_commands.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "base/shared_library.hpp"
#include "base/text.hpp"
#include "helper.hpp"
#include "kubelet/node_check.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet_installation.hpp"
#include "kubelet_service.hpp"

namespace helper {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Kind;

constexpr std::string_view install_command = "kubelet-install";
constexpr std::string_view check_command = "kubelet-check";
constexpr std::string_view undo_command = "kubelet-undo";
constexpr std::string_view node_help =
    R"(Install the kubelet's credential provider on this node, check it, or remove it.

Usage: docker-credential-snowflake kubelet-install --config FILE --bin-dir DIR
           [--restart] [--kubernetes-version V]
       docker-credential-snowflake kubelet-check --config FILE --bin-dir DIR
       docker-credential-snowflake kubelet-undo --config FILE --bin-dir DIR
           [--restart]

FILE and DIR are the values of the kubelet's flags
--image-credential-provider-config and --image-credential-provider-bin-dir.
To print those of a platform: docker snowflake kubernetes provider-config

install  copies this program into DIR and adds its entry to FILE (YAML or JSON;
         the rest stays as it is), after checking the whole file by the
         kubelet's rules: a kubelet does not start with a file that it refuses
check    reports what a kubelet would refuse in FILE, why it may not run the
         program, and what the program lacks
undo     restores FILE, its mode and owner, and the directories, as they were
         before the first install

      --restart               restart the kubelet, watch it for a minute, and
                              undo the changes if it does not stay up
      --kubernetes-version V  of the kubelet; else 'kubelet --version', else
                              1.34. Before 1.34 the entry has no
                              tokenAttributes, and the node logs in as itself
  -h, --help                  print this text
)";

void print_line(const std::string& line) {
  if (!base::write_standard_output(line + '\n')) base::write_standard_error(line + '\n');
}

std::string help_of(std::string_view command) {
  return "docker-credential-snowflake " + std::string{command} + " --help";
}

struct NodeOptions {
  fs::path config;
  fs::path bin_dir;
  bool restart = false;
  std::optional<kubelet::KubernetesVersion> version;
};

/// Absent for `--help`.
std::optional<NodeOptions> parse_node_options(std::string_view command,
                                              const std::vector<std::string_view>& arguments) {
  std::vector<std::string_view> with_value = {"--config", "--bin-dir"};
  std::vector<std::string_view> flags;
  if (command == install_command) with_value.emplace_back("--kubernetes-version");
  if (command != check_command) flags.emplace_back("--restart");
  auto given = parse_kubelet_options(command, arguments, with_value, flags);
  if (given.contains("--help")) return std::nullopt;
  NodeOptions options{given["--config"], given["--bin-dir"], given.contains("--restart"), std::nullopt};
  const auto refuse = [&](const std::string& why) { throw Error(Kind::usage, why, help_of(command)); };
  if (options.config.empty() || options.bin_dir.empty())
    refuse(std::string{command} + " needs --config FILE and --bin-dir DIR");
  if (!options.config.is_absolute() || !options.bin_dir.is_absolute())
    refuse("--config and --bin-dir must be absolute paths");
  if (const auto version = given.find("--kubernetes-version"); version != given.end())
    options.version = kubelet::KubernetesVersion::parse(version->second);
  return options;
}

kubelet::KubernetesVersion version_of(const NodeOptions& options) {
  if (options.version) return *options.version;
  const auto installed = installed_kubelet_version();
  if (!installed) return {};
  try {
    return kubelet::KubernetesVersion::parse(installed->substr(installed->rfind(' ') + 1));
  } catch (const Error& error) {
    throw Error(Kind::config, "kubelet --version: " + std::string{error.what()},
                "add --kubernetes-version 1.34");
  }
}

/// Restarts the kubelet. If it does not stay up, undoes the installation and restarts it again.
void restart(KubeletService& service, KubeletInstallation& installation) {
  base::SystemClock clock;
  try {
    service.restart();
    if (!service.stays_up(clock))
      throw Error(Kind::config, service.unit() + " does not stay up", "journalctl -u " + service.unit());
  } catch (const Error& error) {
    installation.roll_back();
    std::string outcome = "; all changes were undone";
    try {
      service.restart();
    } catch (const Error&) {
      outcome += ", and it still does not start";
    }
    throw Error(Kind::config, error.what() + outcome, error.next_step());
  }
  installation.record_restart();
  print_line(service.unit() + " was restarted and is running");
}

int install(const NodeOptions& options) {
  // Before anything is changed: without a unit to restart, this fails.
  std::optional<KubeletService> service;
  if (options.restart) service = KubeletService::find();
  const auto version = version_of(options);
  KubeletInstallation installation{options.config, options.bin_dir};
  if (installation.install(version)) {
    if (const auto reason = why_not_runnable(installation.program()); !reason.empty()) {
      installation.roll_back();
      throw Error(Kind::config,
                  installation.program().string() + " does not run on this node: " + reason +
                      "; all changes were undone",
                  "it needs glibc 2.34, libcurl and OpenSSL 3, and a directory from which programs may be "
                  "started");
    }
    print_line("installed: " + installation.program().string() + ", and its entry in " +
               installation.config().string());
    if (!version.has_tokens_by_default())
      print_line("this kubelet sends no service account tokens: the node logs in as itself");
    if (!service) print_line("Next: restart the kubelet, which reads the file only when it starts");
  } else {
    print_line("already installed: " + installation.config().string());
    // An earlier process may have been killed before it restarted the kubelet.
    if (!installation.needs_restart()) return 0;
  }
  if (service) restart(*service, installation);
  return 0;
}

int undo(const NodeOptions& options) {
  std::optional<KubeletService> service;
  if (options.restart) service = KubeletService::find();
  KubeletInstallation installation{options.config, options.bin_dir};
  if (!installation.undo()) {
    if (installation.has_entry()) {
      throw Error(Kind::config,
                  "the entry in " + installation.config().string() + " was not written by kubelet-install",
                  "remove it by hand, and the program from " + installation.program().parent_path().string());
    }
    print_line("nothing to undo: " + installation.config().string());
    return 0;
  }
  print_line("undone: " + installation.config().string());
  if (service) {
    service->restart();
    print_line(service->unit() + " was restarted");
  }
  return 0;
}

/// Loads the libraries that a login needs. False when one is missing.
bool check_libraries() {
  constexpr std::array libraries = {std::pair{"libcurl.so.4", "libcurl4"},
                                    std::pair{"libcrypto.so.3", "libssl3"},
                                    std::pair{"libssl.so.3", "libssl3"}};
  bool are_found = true;
  for (const auto& [file, package] : libraries) {
    try {
      const base::SharedLibrary library{file, package};
    } catch (const Error& error) {
      print_line("the program cannot log in: " + std::string{error.what()} + ". Next: " + error.hint());
      are_found = false;
    }
  }
  return are_found;
}

int check(const NodeOptions& options) {
  bool is_accepted = check_libraries();
  for (const auto& problem : kubelet::check_node(options.config, options.bin_dir)) {
    print_line(problem.message);
    is_accepted = is_accepted && problem.is_note;
  }
  if (is_accepted)
    print_line(options.config.string() +
               ": a kubelet accepts it, and runs the program for images of Snowflake registries");
  return is_accepted ? 0 : 1;
}

int run_node_command(std::string_view command, const std::vector<std::string_view>& arguments) {
  try {
    const auto options = parse_node_options(command, arguments);
    if (!options) return base::write_answer("docker-credential-snowflake", node_help) ? 0 : 1;
    if (command == install_command) return install(*options);
    return command == check_command ? check(*options) : undo(*options);
  } catch (const Error& error) {
    base::write_standard_error(error_lines(error));
  } catch (const std::exception& error) {
    base::write_standard_error(error_lines({Kind::internal, error.what()}));
  }
  return 1;
}

}  // namespace

KubeletOptions parse_kubelet_options(std::string_view command, const std::vector<std::string_view>& arguments,
                                     const std::vector<std::string_view>& with_value,
                                     const std::vector<std::string_view>& flags) {
  const auto is_one_of = [](std::string_view name, const std::vector<std::string_view>& names) {
    return std::ranges::find(names, name) != names.end();
  };
  KubeletOptions options;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    const auto equals = argument->find('=');
    const bool has_value = equals != std::string_view::npos;
    const auto name = argument->substr(0, equals);
    if (is_one_of(name, with_value)) {
      if (!has_value && argument + 1 == arguments.end())
        throw Error(Kind::usage, std::string{name} + " needs a value", help_of(command));
      options[name] = has_value ? argument->substr(equals + 1) : *++argument;
    } else if (!has_value && (name == "-h" || name == "--help")) {
      options.emplace("--help", "");
    } else if (!has_value && is_one_of(name, flags)) {
      options.emplace(name, "");
    } else {
      throw Error(Kind::usage, std::string{command} + " does not take '" + base::printable(name, 100) + "'",
                  help_of(command));
    }
  }
  return options;
}

std::optional<int> run_kubelet_command(std::string_view program,
                                       const std::vector<std::string_view>& arguments) {
  const auto command = arguments.empty() ? std::string_view{} : arguments.front();
  const bool is_provider = command == kubelet::provider_argument;
  if (!is_provider && command != install_command && command != check_command && command != undo_command) {
    if (!program.ends_with(kubelet::provider_argument)) return std::nullopt;
    return run_kubelet_provider(arguments);
  }
  const std::vector<std::string_view> options{arguments.begin() + 1, arguments.end()};
  return is_provider ? run_kubelet_provider(options) : run_node_command(command, options);
}

}  // namespace helper
