// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/environment.hpp"

/// What Docker asks of a plugin besides its commands.
namespace plugin::cli {

/// One line of JSON that describes the plugin (`docker/PROTOCOL.md` 2.2).
std::string metadata();

/// What Docker shows after a failed push or pull, if the user has enabled hints
/// (`docker/PROTOCOL.md` 2.7): a line of JSON; empty when nothing failed, or when neither the error nor
/// Docker's command line names a Snowflake registry. `request` is what Docker sends.
std::string answer_hook(const std::string& request);

/// Docker ends a plugin by closing a socket when no terminal sends signals to both
/// (`docker/PROTOCOL.md` 2.4). From now on that counts as SIGTERM.
void end_with_docker(const base::Environment&);

}  // namespace plugin::cli
