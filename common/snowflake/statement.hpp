// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "snowflake/api.hpp"
#include "snowflake/result.hpp"

namespace snowflake {

/// How a statement went.
enum class SessionStatus {
  done,
  session_expired,  ///< nothing was done: renew the session, and run it again
  session_gone,     ///< nothing was done: only a new sign-in helps
};

/// Runs one statement of SQL (`snowflake/PROTOCOL.md` 5) and hands on its result. It is sent again, under the
/// same request id so that it is not run twice, when an answer does not come. Waits for statements that take
/// long (5.3); when a person interrupts that, Snowflake is told to stop it. Throws `StatementError` when
/// Snowflake refuses it, `network`, and `base::Interrupted`.
SessionStatus run_statement(Api&, const base::Secret& session_token, int number, std::string_view sql,
                            ResultSink&, base::Clock&);

}  // namespace snowflake
