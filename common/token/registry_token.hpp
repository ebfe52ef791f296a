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

/// A session token that Snowflake issued for its registry, with its life by this machine's clock.
struct RegistryToken {
  base::Secret value;
  base::TimePoint issued_at;
  base::TimePoint expires_at;
  std::string connection;  ///< the connection that was signed in with
  std::string sources;     ///< fingerprint of the files and variables that led to that connection

  /// Still good, as far as this clock can know: a clock that stepped back behind `issued_at` knows nothing.
  bool valid_at(base::TimePoint now) const;
  /// Good for a long push as well: at least half of its life is left. Docker asks once and keeps the answer
  /// for the whole upload (`docker/PROTOCOL.md` 1.9).
  bool fresh_at(base::TimePoint now) const;

  /// What a registry client needs: `0sessiontoken` and `{"token":…,"expires_in":…}`, with the seconds left at
  /// `now`.
  docker::Credential credential_for(std::string server_url, base::TimePoint now) const;

  /// As a store keeps it.
  base::Secret to_record() const;
  /// Absent when `record` is not one that this version can read: then it is as if none had been kept.
  static std::optional<RegistryToken> from_record(const base::Secret& record);
};

}  // namespace token
