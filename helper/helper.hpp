// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/registry_resolver.hpp"
#include "docker/registry_host.hpp"
#include "token/registry_token.hpp"
#include "token/token_store.hpp"

namespace helper {

/// What the helper works with.
struct World {
  const std::string& config_fingerprint;  ///< of the user's files and variables
  token::TokenStore& ready;               ///< where a token may be ready
  config::RegistryResolver& resolver;
  base::Clock& clock;
  /// Where no token is ready: a token of the connection that serves the host. Throws what keeps it from being
  /// had.
  std::function<token::RegistryToken(const docker::RegistryHost&)> token_for;
  /// Drops the token of a host from every store.
  std::function<void(const docker::RegistryHost&)> forget;
};

/// What a caller gets.
struct Answer {
  base::Secret out;  ///< what the protocol wants to be printed
  std::string err;   ///< remarks for the user
  int status = 0;
};

/// No request is longer than that, in bytes.
inline constexpr std::size_t max_input = 1U << 20;

/// Answers one request of Docker's credential-helper protocol (`docker/PROTOCOL.md` 1.1): `arguments` is
/// what follows the program's name, `read_input` gives the rest of the request. Throws `base::Error`.
Answer answer(const std::vector<std::string_view>& arguments, const std::function<std::string()>& read_input,
              World&);

/// Tells callers and users what went wrong, each where they look for it (`docker/PROTOCOL.md` 1.3): the
/// protocol's text on `out`, sentence and hint on `err`. The status is always 1.
Answer report(const base::Error&);

}  // namespace helper
