// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plugin {

/// What Docker is to say below a push, pull or login that failed, when its user asked for such hints
/// (`docker/PROTOCOL.md` 2.7): a line of JSON; empty when it was none of ours. `request` is what Docker
/// gives.
std::string answer_hook(const std::string& request);

}  // namespace plugin
