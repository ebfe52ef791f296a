// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/session.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// Opens a session by the way of the authenticator and sets it up. Throws `denied`, `network`, `config`, and
/// `login_required` when a user is needed and there is no `prompter`.
Session log_in(Api&, const config::Connection&, Authenticator&, ui::Prompter* prompter, base::Clock&);

/// A session that another program opened, by the connection's `session_token` and `master_token`. Throws
/// `denied` when it has ended, `network`.
Session adopt_session(Api&, const config::Connection&, base::Clock&);

/// Sends a sign-in, and when Snowflake wants it to be approved on a phone first, has it approved
/// (`snowflake/PROTOCOL.md` 3.2). What a phone was tier for is never sent twice. Where there is no `person`
/// to approve it, that is the refusal 390124. `rings_at_once`: the sign-in itself waits for the phone. Throws
/// `denied` for a password that has expired.
Answer with_second_factor(Api&, const Call& sign_in, bool rings_at_once, ui::Prompter* prompter);

}  // namespace snowflake
