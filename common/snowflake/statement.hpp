// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "snowflake/api.hpp"
#include "snowflake/result.hpp"

namespace snowflake {

/// Whether a request was processed, or why the session prevented it.
enum class [[nodiscard]] SessionStatus{
    done,
    session_expired,  ///< not processed: renew the session, and send the request again
    session_ended,    ///< not processed: log in again
};

/// Runs one SQL statement (`snowflake/PROTOCOL.md` 5) and passes its result to the sink. When no answer
/// arrives, it is sent again with the same request id, so that it does not run twice. Waits for long-running
/// statements (5.3); when the user interrupts the wait, aborts the statement. Throws
/// `StatementError` when Snowflake refuses it, `network`, and `base::Interrupted`.
SessionStatus run_statement(Api&, const base::Secret& session_token, int number, std::string_view sql,
                            ResultSink&, base::Clock&);

}  // namespace snowflake
