// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/auth/authenticator.hpp"
#include "snowflake/session.hpp"

namespace snowflake {

/// Opens a session by the way of the authenticator and sets it up. Throws `denied`, `network`, `config`, and
/// `login_required` when a user is needed and there is no `prompter`.
Session log_in(Api&, const config::Connection&, Authenticator&, ui::Prompter* prompter, base::Clock&);

/// A session that another program opened, by the connection's `session_token` and `master_token`. Throws
/// `denied` when it has ended, `network`.
Session adopt_session(Api&, const config::Connection&, base::Clock&);

}  // namespace snowflake
