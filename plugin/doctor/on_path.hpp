// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"

namespace plugin::doctor {

/// The file that starts when a program is called by its name.
std::optional<std::filesystem::path> find_on_path(const std::string& program, const base::Environment&);

/// A file of that name in the PATH that cannot be started; absent when there is none.
std::optional<std::filesystem::path> find_unusable_on_path(const std::string& program,
                                                           const base::Environment&);

}  // namespace plugin::doctor
