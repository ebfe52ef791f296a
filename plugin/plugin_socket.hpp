// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.hpp"

namespace plugin {

/// Docker tells a plugin to end by closing a socket, when no terminal sends signals to both
/// (`docker/PROTOCOL.md` 2.4). From now on that counts as SIGTERM. Nothing happens where Docker offers no
/// socket.
void end_with_docker(const base::Environment&);

}  // namespace plugin
