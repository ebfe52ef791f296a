// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace plugin {

/// Printed for `docker snowflake` without a command: what is set up, what the next push meets, and the next
/// step, in a few lines. Reads files and stores, sends nothing, and never fails: an error is what the lines
/// are about.
void greet(Context&);

}  // namespace plugin
