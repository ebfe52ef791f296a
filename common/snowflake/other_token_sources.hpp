// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/connection.hpp"
#include "snowflake/session.hpp"
#include "token/token_cache.hpp"

namespace snowflake {

/// A registry token that an installed Snowflake CLI gets with the connection
/// (`snow spcs image-registry token --format JSON`,
/// https://docs.snowflake.com/en/developer-guide/snowflake-cli). It logs in by itself, from its own files and
/// caches; no secret is on its command line, and the variables that hold secrets are kept from it. Throws
/// `config` when there is no such program, `login_required` when logging in would take a user, and `denied`
/// with what it says when it fails.
IssuedToken token_of_snow(const config::Connection&, const base::Environment&, const base::Deadline&,
                          base::Clock&);

/// The connection's programmatic access token for the registry itself, with the connection's user, as
/// `docker login -u <user>` takes it. Snowflake's clock decides how long it is valid: here it counts as valid
/// for an hour. Throws `config` when the connection has no such token, or no user.
token::RegistryToken programmatic_access_token(const config::Connection&, const base::Environment&,
                                               base::TimePoint now);

/// Throws the errors of these two that can be known without the network, for the source that the settings
/// choose.
void check_token_source(const config::Connection&, const base::Environment&, base::TimePoint now);

}  // namespace snowflake
