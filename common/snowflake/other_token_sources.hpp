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
/// https://docs.snowflake.com/en/developer-guide/snowflake-cli). It logs in by itself, with its own files and
/// caches: it gets no secret on its command line, and no variable that holds one. Throws `config` when it is
/// not installed, `login_required` when the login is interactive, and `denied` with its message when it
/// fails.
IssuedToken token_from_snow(const config::Connection&, const base::Environment&, const base::Deadline&,
                            base::Clock&);

/// The connection's user and programmatic access token as a credential for the registry, as for
/// `docker login -u <user>`. Its lifetime is not known here, and counts as an hour. Throws `config` when the
/// connection has no such token, or no user.
token::RegistryToken programmatic_access_token(const config::Connection&, const base::Environment&,
                                               base::TimePoint now);

/// Checks the token source in the settings as far as that is possible without the network. Throws like the
/// function for that source.
void check_token_source(const config::Connection&, const base::Environment&, base::TimePoint now);

}  // namespace snowflake
