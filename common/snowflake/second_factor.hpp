// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/api.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// Sends a sign-in, and when Snowflake wants it to be approved on a phone first, has it approved
/// (`snowflake/PROTOCOL.md` 3.2). What a phone was tier for is never sent twice. Where there is no `person`
/// to approve it, that is the refusal 390124. `rings_at_once`: the sign-in itself waits for the phone. Throws
/// `denied` for a password that has expired.
Answer with_second_factor(Api&, const Call& sign_in, bool rings_at_once, ui::Prompter* prompter);

}  // namespace snowflake
