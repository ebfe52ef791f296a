// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "docker/credential.hpp"

namespace token {

/// The user name that makes Snowflake's registry read the password as a session token
/// (`snowflake/PROTOCOL.md` 8.1).
inline constexpr std::string_view session_token_user = "0sessiontoken";

/// A session token that Snowflake issued for its registry, with its lifetime by this machine's clock.
struct RegistryToken {
  base::Secret value;
  base::TimePoint issued_at;
  base::TimePoint expires_at;
  std::string connection;          ///< name of the connection that logged in
  std::string config_fingerprint;  ///< of the files and variables that selected the connection
  std::string login = {};          ///< identifies the login that it belongs to (`token_cache.hpp`)
  std::string username = {};       ///< for the registry; empty for a session token

  /// Whether it has not expired. False when the clock was set back to before `issued_at`.
  bool valid_at(base::TimePoint now) const;
  /// Whether at least half of its lifetime is left, enough for a long push: Docker asks once, and uses the
  /// answer for the whole upload.
  bool fresh_at(base::TimePoint now) const;

  /// The credential for a registry client: `0sessiontoken` and `{"token":…,"expires_in":…}`, in seconds from
  /// `now`. A token with a `username` is the password itself.
  docker::Credential credential_for(std::string server_url, base::TimePoint now) const;

  /// The form in which a store holds it.
  base::Secret to_record() const;
  /// Absent when this version cannot read `record`.
  static std::optional<RegistryToken> from_record(const base::Secret& record);
};

}  // namespace token
