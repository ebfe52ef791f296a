// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "snowflake/registry_access.hpp"

namespace plugin {

/// What every command is given of the world.
struct Context {
  const base::Environment& environment;
  base::Clock& clock;
  snowflake::RegistryAccess& registries;
  std::ostream& out;
  std::ostream& err;
};

}  // namespace plugin
