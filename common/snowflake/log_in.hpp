// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/auth/authenticator.hpp"
#include "snowflake/session.hpp"

namespace snowflake {

/// Opens a session and sets it up. Throws `denied`, `network`, `config`, and `login_required` when a second
/// factor is wanted and there is no `person`.
Session log_in(Api&, const config::Connection&, Authenticator&, ui::Prompter* prompter, base::Clock&);

/// A session that somebody else opened, by the connection's `session_token` and `master_token`
/// (`snowflake/PROTOCOL.md` 9.6). Throws `denied` when it is over, `network`.
Session adopt_session(Api&, const config::Connection&, base::Clock&);

}  // namespace snowflake
