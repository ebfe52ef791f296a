// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "snowflake/api.hpp"
#include "ui/person.hpp"

namespace snowflake {

/// Sends a sign-in, and when Snowflake wants it to be approved on a phone first, waits for that
/// (`snowflake-protocol.md` 2.4.2). What a phone was rung for is never sent twice. Throws `login_required`
/// when there is no `person` to approve it.
Answer with_second_factor(Api&, const Call& sign_in, ui::Person* person);

}  // namespace snowflake
