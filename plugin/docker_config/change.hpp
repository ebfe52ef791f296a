// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "docker_config/edit.hpp"
#include "docker_config/plan.hpp"

namespace docker_config {

/// What was done to one file, so that it can be taken back. It holds no secret: logins that were removed are
/// known by their names only, and do not come back.
struct Change {
  std::filesystem::path file;
  bool made_file = false;
  std::filesystem::path made_folder;  ///< the outermost one that was not there before; empty when all were
  std::optional<std::string> blank;   ///< the white space that stood there, if nothing else did
  std::string after;                  ///< `mark_of` the text that the change left
  std::vector<Edit> edits;            ///< in the order they were made
  std::vector<std::string> logins;    ///< what was removed from `auths`
};

/// For telling whether a text is the same as before.
std::string mark_of(const std::string& text);

/// The change that a plan makes to a file whose text was `before`; absent when there was none.
Change change_of(const std::filesystem::path& file, const std::optional<std::string>& before, const Plan&);

struct Undone {
  std::optional<std::string> text;  ///< absent when there was no file
  std::vector<std::string> left;    ///< `credHelpers.<host>`: what stays, since somebody has changed it
};

/// What `text` was before the change: to the byte when nobody has touched it since, else with only the
/// members of the change put back. The store that Docker was given stays when logins have come since that may
/// be in it. Throws `config` with line and column when the text is not JSON any more.
Undone take_back(const std::string& text, const Change&);

}  // namespace docker_config
