// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/environment.hpp"
#include "names/object_name.hpp"
#include "project_file/templates.hpp"
#include "project_file/tree.hpp"

namespace plugin::project_file {

/// An image repository that a project defines.
struct ImageRepository {
  std::string id;
  std::string location;  ///< file and line of its definition
  names::ObjectName name;
};

/// The image repositories in a `snowflake.yml` (`snowflake/PROTOCOL.md` 10.3).
class ProjectFile {
public:
  /// Reads `snowflake.yml` in `directory`, with `snowflake.local.yml` over it, mixins and templates. Of
  /// entities of other types only the type is checked. Throws `config`, with file and line.
  static ProjectFile read(const std::filesystem::path& directory, const Overrides&, const base::Environment&);

  /// The repository with that id, or the only one. Throws `usage` and `config`, also for its name.
  ImageRepository choose(const std::optional<std::string>& id) const;

private:
  std::filesystem::path directory_;
  std::vector<Member> repositories_;  ///< entities of type image-repository by their ids
};

/// KEY=VALUE, without white space around the two. Throws `config` for anything else.
std::pair<std::string, std::string> parse_override(const std::string& text);

}  // namespace plugin::project_file
