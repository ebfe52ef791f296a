// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "token/registries.hpp"
#include "token/token_store.hpp"

namespace helper {

/// What the helper needs of the world.
struct World {
  std::string sources;       ///< fingerprint of the user's files and variables
  token::TokenStore& front;  ///< where a token lies ready
  token::Registries& registries;
  base::Clock& clock;
};

/// What a caller gets.
struct Answer {
  base::Secret out;  ///< what the protocol wants to be printed
  std::string err;   ///< remarks for a person
  int status = 0;
};

/// No request is longer than that, in bytes.
inline constexpr std::size_t max_input = 1U << 20;

/// Answers one request of Docker's credential-helper protocol (`docker/PROTOCOL.md` 1.1): `arguments` is what
/// follows the program's name, `read_input` gives the rest of the request. Throws `base::Error`.
Answer answer(const std::vector<std::string_view>& arguments, const std::function<std::string()>& read_input,
              World&);

/// Tells callers and people what went wrong, each where they look for it (`docker/PROTOCOL.md` 1.3): the
/// protocol's text on `out`, sentence and hint on `err`. The status is always 1.
Answer report(const base::Error&);

}  // namespace helper
