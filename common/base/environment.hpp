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

/// A process's variables and the folders they name, as a value. Taken once by `main`; tests make their own.
class Environment {
public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  Environment() = default;
  /// Whether a variable of this name may hold a secret.
  using IsSecret = bool (*)(std::string_view name);
  /// Without `is_secret` no variable that begins with SNOWFLAKE_ is handed to another program.
  explicit Environment(Variables variables, IsSecret is_secret = nullptr)
      : variables_(std::move(variables)), is_secret_(is_secret) {}

  /// The variables of this process, as they are now.
  static Environment of_process(IsSecret is_secret);
  /// The same folders and rules with other variables.
  Environment with(Variables variables) const { return Environment{std::move(variables), is_secret_}; }

  /// Absent when unset. A variable that is set to nothing is there, and empty.
  std::optional<std::string> get(std::string_view name) const;
  /// As `get`, but set to nothing counts as unset.
  std::optional<std::string> non_empty(std::string_view name) const;
  /// The first of `names` that is set to something.
  std::optional<std::string> first_of(std::initializer_list<std::string_view> names) const;
  const Variables& all() const noexcept { return variables_; }
  /// NAME=VALUE of all but those that hold a Snowflake secret: other programs have no use for them.
  std::vector<std::string> for_children() const;

  /// `HOME`, or what the system knows of this user; empty when neither is an absolute path.
  std::filesystem::path home() const;
  /// `path` with a leading `~` replaced by `home()`; empty when there is no home folder for it.
  std::filesystem::path expand_home(const std::string& path) const;
  /// `XDG_CONFIG_HOME`, or `~/.config` (XDG Base Directory Specification: a relative path is ignored). Empty,
  /// like `state_home`, when there is no home folder: nothing of ours is ever looked for in the current one.
  std::filesystem::path config_home() const;
  /// `XDG_STATE_HOME`, or `~/.local/state`, by the same rule.
  std::filesystem::path state_home() const;
  /// A folder that only this user can enter, for locks and marks, never for secrets: `XDG_RUNTIME_DIR`, else
  /// `/run/user/<uid>`, else a folder of our own below `/tmp`, which is made when it is missing. Throws
  /// `config` when that one belongs to another user.
  std::filesystem::path runtime_folder() const;

private:
  Variables variables_;
  IsSecret is_secret_ = nullptr;
};

}  // namespace base
