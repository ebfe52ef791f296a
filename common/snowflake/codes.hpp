// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace snowflake {

/// Codes in Snowflake's answers that change what this program does.
namespace code {
inline constexpr std::string_view session_expired = "390112";
inline constexpr std::string_view already_exists = "002002";
inline constexpr std::string_view running = "333333";
inline constexpr std::string_view running_asynchronously = "333334";
}  // namespace code

/// The command that logs in, for hints where the connection is not known.
inline constexpr std::string_view default_login = "docker snowflake login";

/// A refusal as an `Error` of kind `denied`: Snowflake's code and message, or the meaning of the code when
/// there is no message, and the next step (`snowflake/PROTOCOL.md` 2.3, 5.4). It is `transient` when it
/// depends on this machine's network, and `counted` according to `counts_against_user`. `login` is the
/// command that logs in.
[[nodiscard]] base::Error refusal(std::string_view code, std::string_view message,
                                  std::string_view login = default_login);

/// Whether an error is a refusal of tokens or credentials, rather than of this machine's network.
bool is_refusal(const base::Error&);

/// Whether `refusal` knows the meaning of a code, and a next step for it.
bool is_known_code(std::string_view code);

/// Snowflake refused a statement (`snowflake/PROTOCOL.md` 5.4).
class StatementError : public base::Error {
public:
  StatementError(std::string code, const std::string& message, base::NextStep next)
      : Error(base::Kind::statement, message, std::move(next)), code_(std::move(code)) {}
  /// Six digits.
  const std::string& code() const noexcept { return code_; }

private:
  std::string code_;
};

/// Whether an object does not exist, or the role may not see it.
bool is_missing_object(std::string_view code);

/// Whether the session has ended and cannot be renewed: its token or its master token is unknown, expired or
/// invalid.
bool session_has_ended(std::string_view code);

/// Whether a refusal with this code brings the user closer to being locked out, or has notified the user's
/// phone.
bool counts_against_user(std::string_view code);

}  // namespace snowflake
