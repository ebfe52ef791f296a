// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// The settings file of this project (`config::Settings`), as 'docker snowflake config' shows and changes it:
/// one line at a time, so that comments and order stay.
namespace plugin::settings_file {

/// A setting that is not part of a registry's table.
struct PlainSetting {
  std::string_view name;
  std::string_view default_value;
};
/// All of them: a new one needs a line here and in `config::Settings`.
inline constexpr std::array plain_settings = {PlainSetting{"store", "auto"},
                                              PlainSetting{"interactive", "never"}};
/// Those of a registry.
inline constexpr std::array<std::string_view, 3> registry_settings = {"connection", "role", "through"};

/// The name of a setting: `store`, or `registries."<host>".connection`.
struct Setting {
  std::string host;  ///< as `docker::normalized_host` gives it; empty for a plain setting
  std::string name;

  /// As a user types it, with or without the quotes, which shells remove. Throws `usage`, with a similar name
  /// if there is one, when there is no such setting, or the host is missing.
  static Setting parse(std::string_view text);
  /// With the quotes.
  std::string text() const;
  /// Throws `usage` for a host that Docker takes for a part of an image's name.
  void require_registry_host() const;
  bool operator==(const Setting&) const = default;
};

/// A setting of a file, and its line.
struct Entry {
  Setting setting;
  std::string value;
  unsigned line = 0;  ///< from 1
};
/// All settings of a file, in their order. Throws `config` with line and column when it is not TOML.
std::vector<Entry> entries(const std::string& text, const std::string& file_name);

/// The text with a setting changed or added; lines, comments and order stay as they are. `file_name` is
/// for messages. Throws `usage` for a value that the setting cannot have, and `config` when the line
/// is written in a form that cannot be changed by itself, such as an inline table.
std::string set(const std::string& text, const std::string& file_name, const Setting&,
                const std::string& value);
/// The text without it, and without the table of a registry that has no other setting.
std::string unset(const std::string& text, const std::string& file_name, const Setting&);

}  // namespace plugin::settings_file
