// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "docker_config/edit.hpp"

namespace plugin::docker_config {

/// What the config file of a container tool should contain after setup.
struct DesiredConfig {
  std::vector<std::string> hosts;  ///< names of `docker::RegistryHost`s
  /// Whether they get entries in `credHelpers`; else only old logins are removed.
  bool helpers = true;
  /// Where Docker stores the logins of other registries while the file says nothing about credentials
  /// (`default_store`).
  std::optional<std::string> default_store = {};
  bool keep_logins = false;  ///< leave the old logins of these hosts in the file
  /// Whether Docker shows this plugin's hint after a refused push or pull.
  bool hints = false;
};

/// The changes to make. `old_logins` are removed first and permanently: their secrets must not be copied.
struct Plan {
  std::vector<std::string> old_logins;  ///< keys in `auths`
  std::string without_logins;           ///< the text after they are removed
  std::vector<Edit> edits;              ///< from `without_logins` to `text`, applied in order
  std::string text;

  bool is_empty() const { return old_logins.empty() && edits.empty(); }
};

/// Plans the changes to `text`, the content of the file `name`; a blank text (`is_blank`) is an empty config.
/// Each host gets the helper as `H` and as `H:443`, because nerdctl looks for the second. Old logins are the
/// entries in `auths` that mean these hosts in any spelling, except empty ones under the right name, with
/// which Docker marks a login in a store. Throws `config` with line and column when Docker cannot read the
/// text, when `auths` or `credHelpers` is not an object, and when the file is written so that Docker would
/// not read the result as planned.
Plan plan(const std::string& text, const std::string& name, const DesiredConfig&);

/// Plans the removal of all entries that name this project's helper, for a file whose changes were not
/// recorded.
Plan plan_removal(const std::string& text, const std::string& name);

/// An empty config file.
inline constexpr const char* empty_config = "{}\n";

/// `text` without anything that may be a secret, for the backup: secrets in it would outlive 'docker logout'.
std::string without_secrets(const std::string& text, const std::string& name);

/// A key of `auths` or `credHelpers` without the user and password that some write before the host,
/// whatever characters the password has.
std::string without_user_info(const std::string& key);

}  // namespace plugin::docker_config
