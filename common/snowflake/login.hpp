// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/session.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// Opens a session with the connection's authenticator and sets it up, or uses the one that another program
/// has opened: the connection's `session_token` and `master_token`. Throws `denied`, `network`, `config`, and
/// `login_required` when the login is interactive and there is no prompter.
[[nodiscard]] Session open_session(Api&, const AuthContext&);

/// Sends a login request, and waits for the user's approval on a phone if Snowflake requires it
/// (`snowflake/PROTOCOL.md` 3.2). A request that notifies the phone is never sent twice. `notifies_phone`:
/// the login request itself notifies it. Without a `prompter`, returns the refusal 390124 when an approval is
/// required. Throws `denied` for an expired password.
[[nodiscard]] Answer with_second_factor(Api&, const Call& login, bool notifies_phone, ui::Prompter* prompter);

}  // namespace snowflake
