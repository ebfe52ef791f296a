// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "names/object_name.hpp"
#include "registry/tag_list.hpp"

namespace plugin::names {

/// How help texts write what `ImageReference::parse` takes. Completion recognizes such an argument by this
/// text.
inline constexpr const char* image_syntax =
    "database.schema.repository/image:tag, or the same with slashes and perhaps the registry host; "
    "@connection: in front chooses a connection";

/// For an argument that is only a tag.
using registry::is_tag;

/// The reference names another registry, such as docker.io. The hint is for an image that is read.
class OtherRegistry : public base::Error {
public:
  OtherRegistry(std::string_view host, std::string_view reference);
};

/// Whether `first`, the text before the first slash, is the host of a registry rather than an SQL name: it
/// has a port, a dot and a hyphen, more than two dots, or a common top-level domain.
bool looks_like_host(std::string_view first);

/// An image, or an image repository, as users write them: with SQL names,
/// `[@connection:][[database.]schema.]repository[/image][:tag][@digest]`, or as a path like Docker's,
/// `[host/]database/schema/repository[/image][:tag][@digest]`.
struct ImageReference {
  std::optional<std::string> connection;
  std::optional<std::string> host;  ///< as written, perhaps with a port
  ObjectName repository;
  std::string image;   ///< may have slashes; empty for the repository itself
  std::string tag;     ///< with its colon; empty when there is none
  std::string digest;  ///< with its @; empty when there is none

  /// Throws `usage` when the repository's name is invalid or quoted, for a host alone, and for an image, tag
  /// or digest that no client accepts. `a/b/c` is an image in the repository `a` until `resolved_in` sees
  /// that `a` is the database.
  static ImageReference parse(std::string_view text);
  /// The same for an argument that names a repository and no image: `a/b/c` is always a path.
  static ImageReference parse_repository(std::string_view text);
  /// The same for a command of the Snowflake CLI, which throws `config` for what is not a name.
  static ImageReference parse_repository_as_snow(std::string_view text);
  /// The part after the host: `database/schema/repository[/image][:tag][@digest]`. Throws like `parse`.
  static ImageReference parse_path(std::string_view path);

  /// The Docker reference at the registry `host`: all in lower case except the tag. A name without database
  /// or schema gets them from the session. Throws `config` when that has none, and for names that are valid
  /// in SQL but not in a reference, such as those with `$`.
  /// https://github.com/opencontainers/distribution-spec/blob/main/spec.md (pulling manifests: <name>, <tag>)
  std::string at(const std::string& host, const snowflake::SessionContext&) const;
  /// The reference itself, or, for `db/schema/repository` where `db` is the database of the session, that
  /// repository. To be called before the parts are used.
  ImageReference resolved_in(const snowflake::SessionContext&) const;
};

}  // namespace plugin::names
