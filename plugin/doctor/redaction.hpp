// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// Blots out secrets wherever they turn up in what is shown: the last net below sentences that never hold
/// any. What somebody shows to others is to be free of them even when a server repeats what it was sent.
class Redaction {
public:
  /// Begins with the variables whose names say that they hold a secret, and the passwords of proxies.
  explicit Redaction(const base::Environment&);

  /// The fields of a connection that may hold a secret.
  void add(const config::Connection&);
  /// The tokens of a `config.json` of Docker.
  void add_docker_config(const base::Json&);

  std::string clean(std::string text) const;
  Result clean(Result) const;

private:
  void add(base::Secret);

  std::vector<base::Secret> secrets_;
};

/// Whether the field of a connection may be shown: the list is of those that hold no secret.
bool may_be_shown(std::string_view field);

}  // namespace plugin::doctor
