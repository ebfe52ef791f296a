// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

/// The settings file of this project (`config::Settings`), as 'docker snowflake config' shows and changes it.
namespace plugin::settings_file {

/// A setting of its own.
struct Plain {
  std::string_view name;
  std::string_view by_default;
};
/// Every one of them: a new one needs its line here and in `config::Settings`.
inline constexpr std::array plain_settings = {Plain{"store", "auto"}, Plain{"interactive", "never"}};
/// Those of a registry.
inline constexpr std::array<std::string_view, 2> registry_settings = {"connection", "role"};

/// Which setting is meant: `store`, or `registries."<host>".connection`.
struct Setting {
  std::string host;  ///< as `docker::normalized_host` gives it; empty for a plain setting
  std::string name;

  /// As somebody types it, with or without the quotes, which shells take away. Throws `usage`, suggesting
  /// what is like it, when there is no such setting, or the host is none.
  static Setting parse(std::string_view text);
  /// With the quotes.
  std::string text() const;
};

/// The host under which a registry is listed, whatever its spelling; empty when it is none.
std::string listed_host(std::string_view spelling);

}  // namespace plugin::settings_file
