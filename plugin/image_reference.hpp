// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "object_name.hpp"

namespace plugin {

/// An image, or a repository for images, as people say it who think in names of SQL:
/// `[@connection:][[database.]schema.]repository[/image][:tag][@digest]`.
struct ImageReference {
  std::optional<std::string> connection;
  ObjectName repository;
  std::string image;   ///< may have slashes; empty for the repository itself
  std::string tag;     ///< with its colon; empty when there is none
  std::string digest;  ///< with its @; empty when there is none

  /// Throws `config` when the repository's name is none, or is quoted, `usage` for what no client takes as
  /// image, tag or digest.
  static ImageReference parse(std::string_view text);

  /// What Docker and the others call it at the registry `host`: all in lower case but for the tag. A name
  /// that is not qualified is completed from where a session stands. Throws `config` when that does not say
  /// where, and for names that are fine in SQL and that no client takes, such as those with `$` (OCI
  /// distribution: the path of a name).
  std::string at(const std::string& host, const snowflake::SessionContext&) const;
};

}  // namespace plugin
