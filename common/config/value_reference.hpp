// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace config {

/// Something that stands where a value belongs, and that another program was to replace by the value.
struct ValueReference {
  /// `a reference to a variable`, `a reference to a secret in a vault`, `a masked copy of a value`, ... for a
  /// sentence; empty when the value is not one of them.
  std::string what;
  std::string variable;  ///< the name of the variable, if it is a reference to one

  bool empty() const noexcept { return what.empty(); }
};

/// Recognizes the whole value only: references of shells, CI systems, template languages and secret managers,
/// a value that a log or a web page has replaced by `***`, and the word that a program writes for no value,
/// such as `None`. A password may contain almost anything, so less is recognized in one: `$NAME`, `%NAME%`
/// and `__NAME__` there are in upper case and long, which no password policy of Snowflake's default allows.
ValueReference find_reference(std::string_view value, bool is_password);

}  // namespace config
