// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace plugin::commands {

/// What follows `docker snowflake` in the examples of a command, for help texts and manual pages. `path` is
/// the command's words, such as "image-repository list"; empty for none that is known.
std::span<const std::string_view> examples_of(std::string_view path);

}  // namespace plugin::commands
