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
#include "docker/registry.hpp"
#include "token/token_cache.hpp"
#include "token/token_store.hpp"

namespace helper {

/// The helper's dependencies.
struct Dependencies {
  const std::string& config_fingerprint;  ///< of the user's files and variables
  token::TokenStore& ready;               ///< the store of ready tokens
  config::RegistryResolver& resolver;
  base::Clock& clock;
  /// Gets a token for a host when none is ready. Throws `base::Error`.
  std::function<token::RegistryToken(const docker::RegistryHost&)> token_for;
  /// Erases the token of a host from every store.
  std::function<void(const docker::RegistryHost&)> forget;
};

/// The helper's output.
struct Answer {
  base::Secret out;  ///< standard output, as the protocol requires
  std::string err;   ///< standard error, for the user
  int status = 0;
};

/// The maximum size of a request, in bytes.
inline constexpr std::size_t max_input = 1U << 20;

/// Answers a request of Docker's credential-helper protocol (`docker/PROTOCOL.md` 1.1), with the program's
/// arguments and its standard input. Throws `base::Error`.
Answer answer(const std::vector<std::string_view>& arguments, const std::function<std::string()>& read_input,
              Dependencies&);

/// The output for an error (`docker/PROTOCOL.md` 1.3): the protocol's text for the caller on `out`, message
/// and hint for the user on `err`. The status is always 1.
Answer report(const base::Error&);

/// The error and its next step as lines for standard error, each with the program's name.
std::string error_lines(const base::Error&);
/// The error and its next step on one line.
std::string on_one_line(const base::Error&);

}  // namespace helper
