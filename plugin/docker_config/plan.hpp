// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "docker_config/edit.hpp"

namespace docker_config {

/// What the settings of a container tool are to say afterwards.
struct Wish {
  std::vector<std::string> hosts;  ///< registries of ours, as `docker::RegistryHost` names them
  /// Whether they get an entry in `credHelpers`; else only old logins are looked for.
  bool helpers = true;
  /// What Docker keeps other registries' logins in as long as its settings are empty (`default_store`).
  std::optional<std::string> default_store = {};
  bool keeps_logins = false;  ///< leave the old logins of these hosts where they are
};

/// How to get there. `old_logins` go first, and for good: the secrets in them are to be nowhere else.
struct Plan {
  std::vector<std::string> old_logins;  ///< keys in `auths`
  std::string without_logins;           ///< the text to begin with, after they are gone
  std::vector<Edit> edits;              ///< from there to `text`, each upon the one before it
  std::string text;

  bool is_empty() const { return old_logins.empty() && edits.empty(); }
};

/// Plans the changes to `text`, the settings in the file `name`; a text of white space means none. For each
/// host both `H` and `H:443` get the helper, since nerdctl looks under the second (`docker/PROTOCOL.md` 1.4).
/// Old logins are the entries in `auths` that belong to these hosts in any spelling, but for the empty ones
/// under the right name, which Docker leaves as a mark. Throws `config` with line and column when the text is
/// not JSON, or not of the form that Docker knows.
Plan plan(const std::string& text, const std::string& name, const Wish&);

/// The settings of somebody who has none.
inline constexpr const char* no_settings = "{}\n";

/// `text` without whatever may be a secret: what stays beside the file must not outlive a 'docker logout'.
std::string without_secrets(const std::string& text, const std::string& name);

}  // namespace docker_config
