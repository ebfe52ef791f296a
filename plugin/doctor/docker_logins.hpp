// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"

namespace plugin::doctor {

/// Whether `auths` of a `config.json` of Docker, or of what has its form, holds credentials for a registry or
/// for something in it, under any spelling that means `host`. An empty entry is a mark that there is a helper
/// (`docker/PROTOCOL.md` 3.1).
bool has_login(const base::Json& config, const std::string& host);

}  // namespace plugin::doctor
