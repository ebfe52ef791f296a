// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "doctor/check_context.hpp"
#include "doctor/report.hpp"
#include "snowflake/cached_credentials.hpp"

namespace plugin::doctor {

/// What the next `docker push` or `docker pull` meets with one connection.
struct NextPush {
  std::string host;  ///< of the registry; empty when the connection does not tell
  Finding login;     ///< whether the helper gets a token without the user
  Finding docker;    ///< whether Docker asks the helper; skipped when it does so with another connection
  std::vector<snowflake::CachedCredential> cached;
  /// When the user must log in, which may be now; absent for a connection that logs in by itself.
  std::optional<base::TimePoint> login_at;

  bool is_used_by_docker() const { return docker.state == State::ok || docker.state == State::warning; }
};

/// Reads files and stores. Where only a cached session saves the user a login, `ask_server` asks Snowflake
/// whether it is still open. Never asks the user; never throws `base::Error`.
NextPush next_push(CheckContext&, bool ask_server);

}  // namespace plugin::doctor
