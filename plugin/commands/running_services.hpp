// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/connections.hpp"
#include "context.hpp"

namespace plugin::commands {

/// The services that run a container of an image, `database/schema/repository/image:tag`. Empty when the role
/// may not see them, when asking takes too long, or when it would need a login: it is only for a warning.
std::vector<std::string> services_that_run(const std::string& image_path, const config::Connection&,
                                           Context&);

}  // namespace plugin::commands
