// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"
#include "docker_config/docker_config.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// Removes secrets from texts that are shown: the safety net below sentences that should not hold any. A
/// report can be given to others even when a server repeats what it was sent, or a secret is where a path
/// belongs.
class Redaction {
public:
  /// Knows the variables whose names say that they hold a secret, those that hold one where a path belongs,
  /// and `DOCKER_AUTH_CONFIG`.
  explicit Redaction(const base::Environment&);

  /// The fields of a connection that may not be shown.
  void add(const config::Connection&);
  /// The logins and HTTP headers of a Docker `config.json`.
  void add(const docker_config::DockerConfig&);

  /// Without the known secrets, and without user, password and query of every address.
  std::string clean(const std::string& text) const;
  Finding clean(Finding) const;

private:
  void add(const base::Secret&);
  void add_exactly(base::Secret);

  const base::Environment& environment_;
  std::vector<base::Secret> secrets_;  ///< the longest first
  std::vector<base::Secret> pieces_;   ///< of long secrets, which may be shown cut or wrapped
};

/// Whether the field of a connection may be shown with this value. It depends on both: a key that was
/// written where a path belongs is still a key.
bool may_be_shown(std::string_view field, std::string_view value, const base::Environment&);

}  // namespace plugin::doctor
