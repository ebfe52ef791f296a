// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"

namespace config {

/// The Snowflake CLI's check of a file that may hold passwords (`snowflake/PROTOCOL.md` 9.5): throws
/// `config` when others may write to it, or may read it. With SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION or
/// SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION true a file that others may read is only warned about: the
/// warning is returned. A file that is not there is in order.
std::optional<std::string> check_permissions(const std::filesystem::path& file, const base::Environment&);

/// For files without secrets: throws `config` when others may write to it.
void require_not_group_writable(const std::filesystem::path& file);

}  // namespace config
