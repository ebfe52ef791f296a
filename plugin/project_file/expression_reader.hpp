// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "project_file/expression.hpp"

namespace project_file {

/// Reads one expression and the mark `%>` that ends it.
class ExpressionReader {
public:
  /// `whole`: the scalar, for errors. `position`: behind the `<%` and its sign.
  ExpressionReader(std::string_view whole, std::size_t position) : whole_(whole), position_(position) {}

  Expression read();
  /// Behind the closing mark.
  std::size_t position() const { return position_; }
  /// Whether the mark was `-%>`.
  bool eats_white_space() const { return eats_white_space_; }
  bool has_names() const { return has_names_; }

  [[noreturn]] static void fail_to_parse(std::string_view whole, const std::string& why);

private:
  Expression operand(int depth);
  Expression name_or_call(int depth);
  Expression text_constant();
  Expression number();
  std::vector<Expression> arguments(int depth);
  void refuse_filter();
  void skip_white_space();
  bool take(std::string_view token);
  std::string_view word();
  char next() const { return position_ < whole_.size() ? whole_[position_] : '\0'; }
  [[noreturn]] void unexpected() const;
  [[noreturn]] void unsupported() const;

  std::string_view whole_;
  std::size_t position_;
  bool eats_white_space_ = false;
  bool has_names_ = false;
};

}  // namespace project_file
