// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docker/registry_host.hpp"
#include "token/registry_token.hpp"

namespace token {

/// Everything behind the front: the user's settings and connections, what is kept of sign-ins, and Snowflake
/// itself. Nothing of it is opened before it is asked for.
class Registries {
public:
  virtual ~Registries() = default;
  /// The registry that a caller means: one of Snowflake's, or one that the settings name; absent for every
  /// other host. Throws `config` when the settings cannot be read.
  virtual std::optional<docker::RegistryHost> find(std::string_view server_url) = 0;
  /// A token that is good for a long push. Throws `not_found` with a hint when no connection leads to the
  /// host, and whatever else keeps a token from being had.
  virtual RegistryToken token_for(const docker::RegistryHost&) = 0;
  /// Throws what `token_for` would throw before it asks anything of anybody: no connection, a broken file.
  virtual void check(const docker::RegistryHost&) = 0;
  /// Forgets the token of a host, in every place, without telling Snowflake: a push in another terminal may
  /// be using it. The session it came from stays.
  virtual void forget(const docker::RegistryHost&) = 0;
  /// Every registry host that a connection leads to. Asks no network.
  virtual std::vector<std::string> hosts() = 0;
};

}  // namespace token
