// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "project_file/functions.hpp"

namespace project_file {

/// What stands between `<%` and `%>`, as far as a project file may say it: a dotted name, a constant, a call.
struct Expression {
  enum class Kind { constant, name, call };
  Kind kind = Kind::constant;
  Value constant;
  std::vector<std::string> name;      ///< the words between the dots; of a call: its function
  std::vector<Expression> arguments;  ///< of a call
};

/// A scalar of a project file, taken apart.
struct Template {
  struct Piece {
    std::string text;  ///< stands for itself when there is no expression
    std::vector<Expression> expression;
  };
  std::vector<Piece> pieces;
  /// The Snowflake CLI fills in nothing at all, not even comments and constants, where no name is.
  bool has_names = false;
};

/// Takes a scalar apart: `<% expression %>`, with `-` inside the marks to eat the white space beside them,
/// and
/// `{# comments #}` (the marks of Jinja as the Snowflake CLI sets them). Throws `config` in its words for
/// what is no template; filters, which only it has, are refused by their names.
Template parse_template(std::string_view text);

}  // namespace project_file
