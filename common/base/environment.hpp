// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// The environment variables of a process and the directories they name, as a value. `main` reads them once;
/// tests make their own.
class Environment {
public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  Environment() = default;
  /// Whether a variable of this name may hold a secret.
  using IsSecret = bool (*)(std::string_view name);
  /// Without `is_secret`, no variable that begins with SNOWFLAKE_ is passed to other programs.
  explicit Environment(Variables variables, IsSecret is_secret = nullptr)
      : variables_(std::move(variables)), is_secret_(is_secret) {}

  /// The variables of this process, as they are now.
  static Environment of_process(IsSecret is_secret);
  /// Other variables, with the same `is_secret`.
  Environment with(Variables variables) const { return Environment{std::move(variables), is_secret_}; }

  /// Absent when unset; a variable that is set to nothing is an empty string.
  std::optional<std::string> get(std::string_view name) const;
  /// Like `get`, but absent also when the variable is empty.
  std::optional<std::string> non_empty(std::string_view name) const;
  /// The first of `names` that is set and not empty.
  std::optional<std::string> first_of(std::initializer_list<std::string_view> names) const;
  const Variables& all() const noexcept { return variables_; }
  /// All variables as NAME=VALUE, except those that hold Snowflake secrets: other programs do not need them.
  std::vector<std::string> for_children() const;

  /// `HOME`, else this user's entry in the password database; empty when neither is an absolute path.
  std::filesystem::path home() const;
  /// `path` with a leading `~` replaced by `home()`; empty when that is needed and there is no home
  /// directory.
  std::filesystem::path expand_home(const std::string& path) const;
  /// `XDG_CONFIG_HOME`, or `~/.config` (XDG Base Directory Specification: a relative path is ignored). Empty
  /// when there is no home directory: files are never looked up in the current directory instead.
  std::filesystem::path config_home() const;
  /// `XDG_STATE_HOME`, or `~/.local/state`, by the same rules.
  std::filesystem::path state_home() const;
  /// A file or directory of this program in `state_home()`; empty when there is no home directory.
  std::filesystem::path state_file(const std::string& name) const;
  /// A file of this program in `XDG_CACHE_HOME`, or `~/.cache`, by the same rules.
  std::filesystem::path cache_file(const std::string& name) const;
  /// A directory that only this user can enter, for lock files, never for secrets: `XDG_RUNTIME_DIR`, else
  /// `/run/user/<uid>`, else a directory below `/tmp`, which is created when it does not exist. Throws
  /// `config` when that directory belongs to another user.
  std::filesystem::path runtime_directory() const;

private:
  Variables variables_;
  IsSecret is_secret_ = nullptr;
};

}  // namespace base
