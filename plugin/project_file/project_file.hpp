// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "object_name.hpp"
#include "project_file/templates.hpp"
#include "project_file/tree.hpp"

namespace project_file {

/// An image repository that a project wants.
struct ImageRepository {
  std::string id;
  std::string place;  ///< file and line of its definition
  plugin::ObjectName name;
};

/// What `snowflake.yml` says of image repositories (`snowflake/PROTOCOL.md` 10.6).
class ProjectFile {
public:
  /// Reads `snowflake.yml` in `folder`, with `snowflake.local.yml` laid over it, mixins and templates.
  /// Entities of other types are the Snowflake CLI's business: only their types are looked at. Throws
  /// `config` in its words, with file and line.
  static ProjectFile read(const std::filesystem::path& folder, const Overrides&, const base::Environment&);

  /// The repository of that id, or the only one. Throws `usage` and `config`, also for its name.
  ImageRepository choose(const std::optional<std::string>& id) const;

private:
  std::filesystem::path folder_;
  std::vector<Member> repositories_;  ///< entities of our type by their ids
};

/// KEY=VALUE, without white space at the ends of both. Throws `config` for what is none.
std::pair<std::string, std::string> parse_override(const std::string& text);

}  // namespace project_file
