// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/registry_resolver.hpp"
#include "docker/registry_host.hpp"
#include "snowflake/connection_client.hpp"
#include "snowflake/session_cache.hpp"
#include "token/registry_token.hpp"
#include "token/stores/tiered_store.hpp"
#include "ui/terminal.hpp"

namespace helper {

/// Connects the parts that the credential helper needs when no token is ready: HTTP, stores, and a prompter
/// if the settings allow prompting. Nothing is opened before it is needed.
class Wiring {
public:
  Wiring(const base::Environment&, base::Clock&, config::RegistryResolver&, config::ConfigFingerprint);

  /// A registry token for a host. Throws `base::Error`.
  token::RegistryToken token_for(const docker::RegistryHost&);
  /// Erases the token of a host from every store; the session that it came from stays. Throws `keyring`, and
  /// everything that `RegistryResolver::connection_for` throws.
  void forget(const docker::RegistryHost&);

private:
  snowflake::SessionCache session_of(config::Connection);
  token::Stores& stores();

  const base::Environment& environment_;
  base::Clock& clock_;
  config::RegistryResolver& resolver_;
  config::ConfigFingerprint config_fingerprint_;
  base::Deadline deadline_;
  ui::Terminal terminal_;
  std::optional<token::Stores> stores_;
  std::optional<snowflake::ConnectionClient> http_;
};

}  // namespace helper
