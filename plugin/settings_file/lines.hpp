// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugin::settings_file {

/// A text in lines, each with the end that it has.
class Lines {
public:
  explicit Lines(const std::string& text);

  std::size_t size() const noexcept { return lines_.size(); }
  const std::string& operator[](std::size_t index) const { return lines_.at(index); }
  /// Neither blank nor a comment nor the name of a table.
  bool is_entry(std::size_t index) const;
  bool is_table(std::size_t index) const;
  bool is_blank(std::size_t index) const;
  bool is_comment(std::size_t index) const;
  /// The next name of a table behind `index`, or the end.
  std::size_t end_of_table(std::size_t index) const;

  /// With the end of line that the text has.
  void insert(std::size_t index, const std::string& line);
  void remove(std::size_t index) { lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(index)); }
  /// `line` has an end of its own.
  void replace(std::size_t index, const std::string& line) { lines_[index] = line; }
  std::string text() const;

private:
  std::vector<std::string> lines_;
  std::string end_ = "\n";
};

/// A text as TOML has it in quotes.
std::string toml_quoted(std::string_view text);

/// A line `key = value # comment` with another value; everything else of it stays. Empty when it is not of
/// that form.
std::string with_value(const std::string& line, const std::string& value);

}  // namespace plugin::settings_file
