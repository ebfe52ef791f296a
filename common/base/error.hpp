// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace base {

/// What went wrong, as far as a caller may act on it. The programs turn it into streams and exit statuses.
enum class Kind {
  not_found,       ///< no credential is meant to be here: the host is not ours, or no connection leads to it
  usage,           ///< the command line, or a message on standard input, is not as documented
  config,          ///< a file or variable of the user is wrong
  login_required,  ///< only a person can go on, by signing in
  denied,          ///< Snowflake answered, and said no
  statement,       ///< Snowflake refused a statement of SQL
  network,         ///< no answer, or none that makes sense
  keyring,         ///< a place that keeps secrets does not work
  internal,        ///< a mistake of this program
};

/// The one exception of this project: a sentence that says what happened, and a hint that says what to do
/// next. Neither ever holds a secret.
class Error : public std::runtime_error {
public:
  Error(Kind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

  Kind kind() const noexcept { return kind_; }
  const std::string& hint() const noexcept { return hint_; }

private:
  Kind kind_;
  std::string hint_;
};

}  // namespace base
