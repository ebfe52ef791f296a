// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace snowflake {

/// What Snowflake's answer is called when a request was not granted.
namespace code {
inline constexpr std::string_view session_expired = "390112";
inline constexpr std::string_view already_exists = "002002";
inline constexpr std::string_view running = "333333";
inline constexpr std::string_view running_asynchronously = "333334";
}  // namespace code

/// The command that logs in, where the connection is not known.
inline constexpr std::string_view default_login = "docker snowflake login";

/// A refusal as an `Error` of the kind `denied`: Snowflake's code and own words, or what the code means where
/// it says nothing, and the next step, both from the one table of codes (`snowflake/PROTOCOL.md` 2.3, 5.4).
/// It is `transient` when it is about this machine's place in the network, and `counted` as
/// `counts_against_user` says. `login`: the command that logs in, for next steps that name it.
base::Error refusal(std::string_view code, std::string_view message, std::string_view login = default_login);

/// Snowflake refused a statement (`snowflake/PROTOCOL.md` 5.4).
class StatementError : public base::Error {
public:
  StatementError(std::string code, const std::string& message, std::string hint)
      : Error(base::Kind::statement, message, std::move(hint)), code_(std::move(code)) {}
  /// Six digits.
  const std::string& code() const noexcept { return code_; }

private:
  std::string code_;
};

/// The session is gone and cannot be renewed: its token or its master token is unknown, expired or invalid.
bool session_is_gone(std::string_view code);

/// Each time Snowflake answers a login with this, the user comes closer to being locked out, or a phone has
/// rung.
bool counts_against_user(std::string_view code);

}  // namespace snowflake
