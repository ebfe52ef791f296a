// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plugin::settings_file {

/// The lines of a TOML file with their ends. It is changed one line at a time, so that comments and order
/// stay.
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text);

/// What a line is by its first character: '[' for a table, '#' for a comment, '\0' for a blank line.
char kind_of(const std::string& line);
bool is_table(const std::string& line);

/// `line` is without its end.
void insert(Lines&, std::size_t index, const std::string& line);
void remove(Lines&, std::size_t index);

/// Behind the last entry of the table whose name is in front of `begin`; `begin` when it has none.
std::size_t end_of_entries(const Lines&, std::size_t begin);

/// Adds an entry that is in no table: behind the others, else in front of the first table and the comments
/// that belong to it.
void add_to_root(Lines&, const std::string& entry);

/// Throws `config` for a line, counted from 1, that cannot be changed by itself, such as one of an inline
/// table. `name` is the file's.
[[noreturn]] void refuse_form(const std::string& name, unsigned line);

/// A line `key = "text" # comment` with another value; everything else of it stays. Throws as `refuse_form`
/// when it is not of that form.
std::string with_value(const std::string& line, const std::string& value, const std::string& name,
                       unsigned number);

/// A text in quotes, as TOML writes it.
std::string toml_quoted(std::string_view text);

}  // namespace plugin::settings_file
