// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kubelet {

/// Reads the characters, lines and scalars of YAML text for `parse_yaml`.
class YamlScanner {
public:
  /// `name` is the file's name, for errors. Both arguments must outlive this.
  YamlScanner(std::string_view text, const std::string& name);

protected:
  static bool is_blank(char c) { return c == ' ' || c == '\t'; }
  static bool is_end_of_line(char c) { return c == '\n' || c == '\r'; }

  /// Throws `config` with the file's name and the current line.
  [[noreturn]] void fail(const std::string& what) const;

  // The current position.
  std::size_t line() const { return line_at(at_); }
  std::size_t column() const { return at_ - start_of_line(); }
  bool is_done() const { return at_ >= text_.size(); }
  std::string_view rest() const { return text_.substr(at_); }
  char here() const { return is_done() ? '\0' : text_[at_]; }
  char after(std::size_t count) const { return at_ + count < text_.size() ? text_[at_ + count] : '\0'; }
  bool ends_word(std::size_t count) const {
    return after(count) == '\0' || is_blank(after(count)) || is_end_of_line(after(count));
  }

  bool starts_document() const { return column() == 0 && rest().starts_with("---") && ends_word(3); }
  bool is_dash() const { return here() == '-' && ends_word(1); }
  bool is_colon() const { return here() == ':' && ends_word(1); }
  bool is_quote() const { return here() == '"' || here() == '\''; }
  /// Whether a key of a block mapping begins here: a scalar that a colon follows on this line.
  bool is_key();

  void skip_spaces();
  /// Skips blanks and a comment, up to the end of the line.
  void skip_blanks();
  /// Skips blanks, comments and line ends. Throws `config` for a tab in the indentation.
  void skip_to_content();
  bool is_at_end_of_line();
  void require_end_of_line();
  void refuse_features() const;

  std::string read_key();
  std::string read_plain();
  std::string read_quoted();
  /// After `|` or `>`: reads the lines that are indented further than the key, without folding them. Returns
  /// the offset after the last one that is not blank.
  std::size_t read_block_scalar(std::size_t indentation, std::string& result);

  std::string_view text_;
  std::size_t at_ = 0;
  int flow_depth_ = 0;  ///< how many {} and [] are open

private:
  std::size_t line_at(std::size_t offset) const;
  std::size_t start_of_line() const;
  std::string read_escape();

  const std::string& name_;
};

}  // namespace kubelet
