// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/secret.hpp"

namespace config {

struct TomlMember;

/// A value in a TOML file, and the line it begins on.
struct TomlValue {
  enum class Type { text, boolean, number, table, other };
  Type type = Type::other;
  /// The value as text: true, false, decimal digits; tables and arrays as JSON.
  base::Secret text;
  /// The members of a table in the order of the file; empty for other types.
  std::vector<TomlMember> members;
  bool is_inline_table = false;
  unsigned line = 0;

  /// A member of a table; null when there is none.
  const TomlValue* find(std::string_view key) const;
};

/// A key of a table and its value.
struct TomlMember {
  std::string key;
  TomlValue value;
};

/// An error in a configuration file: `position: sentence`.
class ConfigFileError : public base::Error {
public:
  /// `position` is `file:line` or `file:line:column`.
  ConfigFileError(const std::string& position, std::string sentence, std::string hint)
      : Error(base::Kind::config, position + ": " + sentence, std::move(hint)),
        sentence_(std::move(sentence)) {}
  const std::string& sentence() const noexcept { return sentence_; }

private:
  std::string sentence_;
};

/// Other users may read or write a configuration file.
class WidePermissions : public base::Error {
public:
  /// `can_be_changed`: whether this user can chmod(1) the file.
  WidePermissions(const std::filesystem::path& file, bool can_be_changed, std::string hint)
      : Error(base::Kind::config, "Configuration file " + file.string() + " has too wide permissions",
              std::move(hint)),
        file_(file),
        can_be_changed_(can_be_changed) {}
  const std::filesystem::path& file() const noexcept { return file_; }
  bool can_be_changed() const noexcept { return can_be_changed_; }

private:
  std::filesystem::path file_;
  bool can_be_changed_;
};

/// Parses TOML 1.0. Throws `ConfigFileError` with `name`, line and column for a syntax error; the text itself
/// is never quoted, since it may be a password.
TomlValue parse_toml(std::string_view text, const std::string& name);

/// The file as a table; absent when it does not exist. Throws like `parse_toml` and `base::read_text_file`.
std::optional<TomlValue> read_toml(const std::filesystem::path& file, const base::ReadOptions&);

/// Options for reading a file that may hold passwords, by the Snowflake CLI's rules
/// (`snowflake/PROTOCOL.md` 9.5): it must belong to this user or to root, and others must not be able to read
/// or write it (`WidePermissions`). If SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION or
/// SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION is true, others may read it, with a warning. A file in a
/// directory that cannot be entered counts as absent, with a warning. All arguments must outlive the result.
base::ReadOptions secret_file_options(const std::filesystem::path& file, const base::Environment&,
                                      std::vector<std::string>& warnings);

/// Options for reading a file without secrets: it must belong to this user or to root, and others must not be
/// able to write to it. `file` must outlive the result.
base::ReadOptions trusted_file_options(const std::filesystem::path& file);

}  // namespace config
