// SPDX-License-Identifier: Apache-2.0
#include "kubelet_service.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <vector>

#include "base/child_process.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace helper {
namespace {

constexpr std::array units = {"kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"};

/// The exit status and the output of a program; the status of a shell for one that there is not.
base::ProgramResult run(const std::vector<std::string>& words) {
  const auto result =
      base::run_program(words, {}, base::Environment::of_process(&config::may_hold_secret_variable));
  return result.value_or(base::ProgramResult{127, {}, {}});
}

/// In a container the node's systemd is reached through the first process's namespaces.
bool is_in_container() {
  struct stat ours {};
  struct stat first {};
  return stat("/proc/self/ns/mnt", &ours) == 0 && stat("/proc/1/ns/mnt", &first) == 0 &&
         ours.st_ino != first.st_ino;
}

base::ProgramResult systemctl(std::initializer_list<std::string> words) {
  std::vector<std::string> all;
  if (is_in_container()) all = {"nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--"};
  all.emplace_back("systemctl");
  all.insert(all.end(), words);
  return run(all);
}

bool is_active(const std::string& unit) { return systemctl({"is-active", "--quiet", unit}).status == 0; }

std::optional<std::string> flag_in(const std::vector<std::string>& words, std::string_view flag) {
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (words[index] == flag && index + 1 < words.size()) return words[index + 1];
    if (words[index].starts_with(std::string{flag} + "=")) return words[index].substr(flag.size() + 1);
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional{number} : std::nullopt;
}

/// proc(5): the 22nd field of stat is the start in ticks since the boot, which /proc/stat has as btime.
base::TimePoint start_of(const std::filesystem::path& process) {
  const auto stat_text = base::read_file(process / "stat").value_or("");
  const auto after_name = stat_text.rfind(')');
  const auto boot_text = base::read_file("/proc/stat").value_or("");
  const auto boot_at = boot_text.find("btime ");
  if (after_name == std::string::npos || boot_at == std::string::npos) return {};
  const auto fields = base::split(std::string_view{stat_text}.substr(after_name + 2), ' ');
  const auto ticks = fields.size() > 19 ? number_in(fields[19]) : std::nullopt;
  const auto boot = number_in(std::string_view{boot_text}.substr(boot_at + 6));
  if (!ticks || !boot) return {};
  return base::TimePoint{std::chrono::seconds{*boot + *ticks / sysconf(_SC_CLK_TCK)}};
}

}  // namespace

KubeletService KubeletService::find() {
  for (const char* unit : units) {
    if (is_active(unit)) return KubeletService{unit};
  }
  throw base::Error(
      base::Kind::config,
      "--restart: systemctl knows no active unit of a kubelet (kubelet, k3s, k3s-agent, rke2-server, "
      "rke2-agent)",
      "leave out --restart, and restart the kubelet yourself");
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

std::optional<RunningKubelet> find_running_kubelet() {
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator{"/proc", ignored}) {
    const auto name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      if (base::trim(base::read_file(process.path() / "comm").value_or("")) != "kubelet") continue;
      const auto words = base::split(base::read_file(process.path() / "cmdline").value_or(""), '\0');
      return RunningKubelet{flag_in(words, "--image-credential-provider-config").value_or(""),
                            flag_in(words, "--image-credential-provider-bin-dir").value_or(""),
                            start_of(process.path())};
    } catch (const base::Error&) {
      // It ended meanwhile.
    }
  }
  return std::nullopt;
}

std::optional<std::string> installed_kubelet_version() {
  const auto finished = run({"kubelet", "--version"});
  if (finished.status != 0) return std::nullopt;
  return std::string{base::trim(finished.out)};
}

}  // namespace helper
