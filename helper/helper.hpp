// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
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

/// Answers one request of Docker's credential-helper protocol (`docker-side.md` 1.1): `arguments` is what
/// follows the program's name, the rest of the request comes from `in`, the answer goes to `out`, remarks for
/// a person to `err`. Throws `base::Error`.
void answer(const std::vector<std::string_view>& arguments, std::istream& in, std::ostream& out,
            std::ostream& err, World&);

/// Tells callers and people what went wrong, each where they look for it (`docker-side.md` 1.3): the
/// protocol's text on `out`, sentence and hint on `err`. Returns the exit status, always 1.
int report(const base::Error&, std::ostream& out, std::ostream& err);

}  // namespace helper
