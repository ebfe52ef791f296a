// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// Changes one value of a TOML file. Only its line changes, so that comments and order stay. `file_name` is
// the file's, for messages.
namespace plugin::settings_file {

/// The keys that lead to a value: {"store"} or {"registries", "<host>", "role"}.
using TomlPath = std::vector<std::string>;

/// `text` with this string as the value of that path, which is changed or added. Throws `config` when the
/// text is not TOML, and when it is written in a form that cannot be changed by its line, such as an inline
/// table.
std::string with_value(const std::string& text, const std::string& file_name, const TomlPath&,
                       const std::string& value);
/// `text` without the value of that path, and without its table if that has no other. Throws like
/// `with_value`.
std::string without_value(const std::string& text, const std::string& file_name, const TomlPath&);

/// A text in quotes, as TOML writes it.
std::string toml_quoted(std::string_view text);

}  // namespace plugin::settings_file
