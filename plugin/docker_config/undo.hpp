// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "docker_config/edit.hpp"
#include "docker_config/plan.hpp"

namespace plugin::docker_config {

/// What was done to one file, so that it can be undone. It holds no secret: logins that were removed are
/// known by their names only, and do not come back.
struct Change {
  std::filesystem::path file;
  bool made_file = false;
  std::filesystem::path made_directory;  ///< the outermost directory that was made; empty when none was
  std::optional<std::string> blank;      ///< the text before, when it was blank (`is_blank`)
  std::string after;                     ///< `fingerprint_of` the text after the change
  std::vector<Edit> edits;               ///< in the order they were made
  std::vector<std::string> logins;       ///< what was removed from `auths`
};

/// Tells whether a text is the same as before.
std::string fingerprint_of(const std::string& text);

/// The change that a plan makes to a file whose text was `before`; absent when there was no file.
Change change_of(const std::filesystem::path& file, const std::optional<std::string>& before, const Plan&);

struct Undone {
  std::optional<std::string> text;  ///< absent when there was no file
  std::vector<std::string> kept;    ///< `credHelpers.<host>`: what stays, because it was changed since
};

/// What `text` was before the change: exactly when it is unchanged since, else with only the members of the
/// change put back. The store that Docker was given stays when logins that may be in it were added since.
/// Throws `config` with line and column when the text is no longer JSON.
Undone undo(const std::string& text, const Change&);

/// Every change that was made and not yet undone, in order: `docker-snowflake/setup.json` in the directory
/// for state.
class UndoRecord {
public:
  /// Throws `config` when it cannot be read or understood, and when it belongs to another user, who could
  /// make this one write anywhere.
  static UndoRecord read(const base::Environment&);

  std::vector<Change> changes;
  std::optional<std::string> interactive;  ///< the value that setup gave to this setting
  const std::filesystem::path& file() const noexcept { return file_; }
  bool is_empty() const { return changes.empty() && !interactive; }
  /// An empty record's file is removed. Throws `config`.
  void write() const;

private:
  std::filesystem::path file_;
};

}  // namespace plugin::docker_config
