// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plugin::cli {

/// What Docker shows after a failed push or pull, if the user has enabled hints
/// (`docker/PROTOCOL.md` 2.7): a line of JSON; empty when nothing failed or no Snowflake registry is named.
/// `request` is what Docker sends, `caller` the command line of docker.
std::string answer_hook(const std::string& request, const std::string& caller);

/// The command line of the program that started this one, with blanks between its words; empty when it cannot
/// be read.
std::string command_line_of_caller();

}  // namespace plugin::cli
