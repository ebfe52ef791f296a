// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "names/object_name.hpp"

namespace plugin::names {

/// How help texts write what `ImageReference::parse` takes. Completion recognizes such an argument by this
/// text.
inline constexpr const char* image_syntax =
    "[@connection:][[database.]schema.]repository[/image][:tag][@digest], or "
    "HOST/database/schema/repository...";

/// An image, or an image repository, in one of the two ways users write them: with names of SQL,
/// `[@connection:][[database.]schema.]repository[/image][:tag][@digest]`, or as Docker has it,
/// `host/database/schema/repository[/image][:tag][@digest]`.
struct ImageReference {
  std::optional<std::string> connection;
  std::optional<std::string> host;  ///< as written, perhaps with a port
  ObjectName repository;
  std::string image;   ///< may have slashes; empty for the repository itself
  std::string tag;     ///< with its colon; empty when there is none
  std::string digest;  ///< with its @; empty when there is none

  /// Throws `config` when the repository's name is not a name, or is quoted, `usage` for what no client takes
  /// as image, tag or digest, and for a path without its host: with the reference that was probably meant.
  static ImageReference parse(std::string_view text);
  /// `database/schema/repository[/image][:tag][@digest]`, which follows a host. Throws as `parse`.
  static ImageReference parse_path(std::string_view path);

  /// What Docker calls it at the registry `host`: all in lower case except the tag. A name that is not
  /// qualified is completed from the session or the connection. Throws `config` when that does not tell
  /// database and schema, and for names that are valid in SQL but not in a reference, such as those with `$`.
  /// https://github.com/opencontainers/distribution-spec/blob/main/spec.md (pulling manifests: <name>, <tag>)
  std::string at(const std::string& host, const snowflake::SessionContext&) const;
  /// Throws `usage` when this is a path without its host, which only the session's database shows.
  void refuse_path(const snowflake::SessionContext&) const;
};

}  // namespace plugin::names
