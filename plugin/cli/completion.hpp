// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <iosfwd>
#include <string>
#include <vector>

#include "context.hpp"

namespace plugin::cli {

/// Answers a shell, in the form that Docker's own completion understands (`docker/PROTOCOL.md` 2.6):
/// commands, options, names of connections, formats, and the image repositories that were listed before.
/// `words` are those typed so far, the last one being completed. Asks no network.
void complete(const CLI::App& app, const std::vector<std::string>& words, Context&);

}  // namespace plugin::cli
