// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "object_name.hpp"

namespace plugin::doctor {

/// A repository that somebody asks about, and perhaps an image in it.
struct Repository {
  ObjectName object;
  std::string name;   ///< as sentences call it; complete once there is a session
  std::string image;  ///< empty when none was named
  std::string tag;    ///< empty when none was named
};

/// What somebody wrote behind `doctor`.
struct Target {
  std::optional<std::string> host;  ///< as written
  std::optional<Repository> repository;
};

/// `HOST`, `HOST/database/schema/repository[/image[:tag]]` or `[[DATABASE.]SCHEMA.]REPOSITORY`. What has a
/// colon, a hyphen, a slash or three dots is a host. Throws `usage` when it is none of them.
Target parse_target(const std::string& text);

}  // namespace plugin::doctor
