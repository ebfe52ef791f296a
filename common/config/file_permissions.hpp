// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/file.hpp"

namespace config {

/// How a file is read that may hold passwords, by the Snowflake CLI's rule (`snowflake/PROTOCOL.md` 9.5): it
/// must be this user's or root's, and others may neither write nor read it. With
/// SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION or SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION true a file that
/// others may read is only warned about. A file in a folder that cannot be entered counts as absent, with a
/// warning. All arguments must outlive the result.
base::ReadOptions secret_file(const std::filesystem::path& file, const base::Environment&,
                              std::vector<std::string>& warnings);

/// How a file without secrets is read: it must be this user's or root's, and others must not write to it.
/// `file` must outlive the result.
base::ReadOptions trusted_file(const std::filesystem::path& file);

}  // namespace config
