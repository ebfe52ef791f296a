// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
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

/// How a file is read that may hold passwords, by the Snowflake CLI's rule (`snowflake/PROTOCOL.md` 9.5): it
/// must be this user's or root's, and others may neither write nor read it. With
/// SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION or SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION true a file that
/// others may read is only warned about. A file in a folder that cannot be entered counts as absent, with a
/// warning. All arguments must outlive the result.
base::ReadOptions secret_file(const std::filesystem::path& file, const base::Environment&,
                              std::vector<std::string>& warnings);

/// How a file without secrets is read: it must be this user's or root's, and others must not write to it.
/// `file` must outlive the result.
base::ReadOptions trusted_file(const std::filesystem::path& file);

}  // namespace config
