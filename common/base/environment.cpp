// SPDX-License-Identifier: Apache-2.0
#include "base/environment.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace base {
namespace {

bool is_private_directory_of_ours(const std::filesystem::path& directory) {
  struct stat status {};
  // lstat: a symbolic link that another user planted in /tmp is not our directory, whatever it points to.
  if (lstat(directory.c_str(), &status) != 0) return false;
  return S_ISDIR(status.st_mode) && status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

/// The value of a variable; empty when it is not an absolute path.
std::filesystem::path absolute_path_in(const Environment& environment, std::string_view variable) {
  const std::filesystem::path value = environment.get(variable).value_or("");
  return value.is_absolute() ? value : std::filesystem::path{};
}

/// Empty when `directory` is empty: a relative path would be looked up in the current directory.
std::filesystem::path below(const std::filesystem::path& directory, const std::filesystem::path& path) {
  return directory.empty() ? directory : directory / path;
}

}  // namespace

Environment Environment::of_process(IsSecret is_secret) {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment{std::move(variables), is_secret};
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Environment::non_empty(std::string_view name) const {
  auto value = get(name);
  if (value && value->empty()) value.reset();
  return value;
}

std::optional<std::string> Environment::first_of(std::initializer_list<std::string_view> names) const {
  for (const auto name : names) {
    if (auto value = non_empty(name)) return value;
  }
  return std::nullopt;
}

std::filesystem::path Environment::home() const {
  if (auto home = absolute_path_in(*this, "HOME"); !home.empty()) return home;
  // systemd units and kubelets run programs without HOME.
  const passwd* user = getpwuid(geteuid());
  const std::filesystem::path directory = user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
  return directory.is_absolute() ? directory : std::filesystem::path{};
}

std::filesystem::path Environment::expand_home(const std::string& path) const {
  if (path == "~") return home();
  if (path.starts_with("~/")) return below(home(), path.substr(2));
  return path;
}

std::filesystem::path Environment::config_home() const {
  auto set = absolute_path_in(*this, "XDG_CONFIG_HOME");
  return set.empty() ? below(home(), ".config") : set;
}

std::filesystem::path Environment::state_home() const {
  auto set = absolute_path_in(*this, "XDG_STATE_HOME");
  return set.empty() ? below(home(), ".local/state") : set;
}

std::filesystem::path Environment::state_file(const std::string& name) const {
  return below(state_home(), "docker-snowflake/" + name);
}

std::filesystem::path Environment::cache_file(const std::string& name) const {
  const auto set = absolute_path_in(*this, "XDG_CACHE_HOME");
  return below(set.empty() ? below(home(), ".cache") : set, "docker-snowflake/" + name);
}

std::filesystem::path Environment::runtime_directory() const {
  const std::string user = std::to_string(geteuid());
  if (const auto set = non_empty("XDG_RUNTIME_DIR"); set && is_private_directory_of_ours(*set)) {
    return *set;
  }
  if (const std::filesystem::path run = "/run/user/" + user; is_private_directory_of_ours(run)) return run;
  const std::filesystem::path own = "/tmp/docker-credential-snowflake-" + user;
  mkdir(own.c_str(), 0700);
  if (is_private_directory_of_ours(own)) return own;
  throw Error(Kind::config, own.string() + " is not a private directory of this user",
              "set XDG_RUNTIME_DIR to a directory that you own, with mode 0700");
}

std::vector<std::string> Environment::for_children() const {
  std::vector<std::string> result;
  for (const auto& [name, value] : variables_) {
    const bool hidden = is_secret_ != nullptr ? is_secret_(name) : name.starts_with("SNOWFLAKE_");
    if (!hidden) result.push_back(name + "=" + value);
  }
  return result;
}

}  // namespace base
