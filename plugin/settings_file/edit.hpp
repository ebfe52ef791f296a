// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "settings_file/setting.hpp"

namespace plugin::settings_file {

/// What a text says of a setting, and where.
struct Entry {
  Setting setting;
  std::string value;
  unsigned line = 0;
};
/// All that it says, in its order. Throws `config` with line and column when it is not TOML.
std::vector<Entry> entries(const std::string& text, const std::string& name);

/// The text with a setting changed or added; lines, comments and order stay as they are. `name` is the
/// file's, for sentences. Throws `config` for a value that the setting cannot have, and when the line at hand
/// is written in a form that cannot be changed by itself, such as an inline table.
std::string set(const std::string& text, const std::string& name, const Setting&, const std::string& value);
/// The text without it; a registry that nothing is said of any more goes, too.
std::string unset(const std::string& text, const std::string& name, const Setting&);

}  // namespace plugin::settings_file
