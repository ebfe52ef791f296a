// SPDX-License-Identifier: Apache-2.0
#include "kubelet_service.hpp"

#include <sys/stat.h>

#include <array>
#include <vector>

#include "base/child_process.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace helper {
namespace {

constexpr std::array units = {"kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"};

/// The exit status and the output of a program; as in a shell, status 127 when it does not exist, and 126
/// with the reason when it cannot be started.
base::ProgramResult run(const std::vector<std::string>& words) {
  try {
    const auto result =
        base::run_program(words, {}, base::Environment::of_process(&config::is_hidden_from_children));
    return result.value_or(base::ProgramResult{127, {}, {}});
  } catch (const base::Error& error) {
    return {126, {}, error.what()};
  }
}

/// In a container, the namespaces of process 1 are the node's.
bool is_in_container() {
  struct stat ours {};
  struct stat first {};
  return stat("/proc/self/ns/mnt", &ours) == 0 && stat("/proc/1/ns/mnt", &first) == 0 &&
         ours.st_ino != first.st_ino;
}

base::ProgramResult run_on_node(std::vector<std::string> words) {
  const std::vector<std::string> enter = {"nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--"};
  if (is_in_container()) words.insert(words.begin(), enter.begin(), enter.end());
  return run(words);
}

base::ProgramResult systemctl(std::initializer_list<std::string> arguments) {
  std::vector<std::string> words = {"systemctl"};
  words.insert(words.end(), arguments);
  return run_on_node(std::move(words));
}

bool is_active(const std::string& unit) { return systemctl({"is-active", "--quiet", unit}).status == 0; }
bool is_enabled(const std::string& unit) { return systemctl({"is-enabled", "--quiet", unit}).status == 0; }

}  // namespace

KubeletService KubeletService::find() {
  for (const auto is_candidate : {is_active, is_enabled}) {
    for (const char* unit : units) {
      if (is_candidate(unit)) return KubeletService{unit};
    }
  }
  throw base::Error(
      base::Kind::config,
      "--restart: systemctl finds no active or enabled unit of a kubelet (kubelet, k3s, k3s-agent, "
      "rke2-server, rke2-agent)",
      "omit --restart, and restart the kubelet yourself");
}

void KubeletService::restart() const {
  if (systemctl({"restart", unit_}).status == 0) return;
  throw base::Error(base::Kind::config, "systemctl restart " + unit_ + " failed", "journalctl -u " + unit_);
}

bool KubeletService::stays_up(base::Clock& clock) const {
  constexpr int seconds = 60;
  constexpr int seconds_to_start = 5;
  for (int second = 1; second <= seconds; ++second) {
    clock.sleep(std::chrono::seconds{1});
    if (second > seconds_to_start && !is_active(unit_)) return false;
  }
  return true;
}

std::string why_not_runnable(const std::filesystem::path& program) {
  const auto finished = run_on_node({program.string(), "version"});
  if (finished.status == 0) return {};
  const auto reason = base::printable(base::trim(finished.err), 300);
  return reason.empty() ? "exit status " + std::to_string(finished.status) : reason;
}

std::optional<std::string> installed_kubelet_version() {
  const auto finished = run({"kubelet", "--version"});
  if (finished.status != 0) return std::nullopt;
  return std::string{base::trim(finished.out)};
}

}  // namespace helper
