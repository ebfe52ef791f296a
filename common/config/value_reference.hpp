// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace config {

/// Text in place of a value, which another program should have replaced with the value.
struct ValueReference {
  /// `a reference to a variable`, `a reference to a secret in a vault`, `a masked copy of a value`, ... for a
  /// sentence; empty when the value is not one of them.
  std::string what;
  std::string variable;  ///< the name of the variable, if it is a reference to one

  bool empty() const noexcept { return what.empty(); }
};

/// Recognizes a value that consists of a reference of a shell, CI system, template language or secret
/// manager; of `***` from a log or a web page; or of a word for a missing value, such as `None`. A password
/// may be almost anything, so `$NAME`, `%NAME%` and `__NAME__` are references there only if they are long and
/// in upper case, which Snowflake's default password policy does not allow.
ValueReference find_reference(std::string_view value, bool is_password);

}  // namespace config
