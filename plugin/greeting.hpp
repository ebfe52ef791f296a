// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace plugin {

/// For who types the name and nothing else: what is set up, and the next step, in a few lines. Reads files,
/// asks nobody, and never fails: a file that is broken is what the lines are about.
void greet(Context&);

}  // namespace plugin
