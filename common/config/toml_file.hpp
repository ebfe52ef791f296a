// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/secret.hpp"

namespace config {

struct TomlMember;

/// A value of a TOML file, and the line it begins in.
struct TomlValue {
  enum class Type { text, boolean, number, table, other };
  Type type = Type::other;
  /// As text: true, false, decimal digits. Tables and arrays as JSON, which is how programs pass them on.
  base::Secret text;
  /// The members of a table in the order of the file, else empty.
  std::vector<TomlMember> members;
  bool is_inline_table = false;
  unsigned line = 0;

  const TomlValue* find(std::string_view key) const;
};

struct TomlMember {
  std::string key;
  TomlValue value;
};

/// Reads TOML 1.0 (the only code that knows the library for it). Throws `config` with \c name, line and
/// column when it is none; the offending text itself is never quoted, since it may be a password.
TomlValue parse_toml(std::string_view text, const std::string& name);

/// The file as a table; absent when there is none. Throws as `parse_toml` and `base::read_text_file`.
std::optional<TomlValue> read_toml(const std::filesystem::path& file, const base::ReadOptions&);

}  // namespace config
