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
  std::string connection;          ///< that logged in
  std::string config_fingerprint;  ///< of the files and variables that led to that connection
  std::string login = {};          ///< tells the tokens of one login from those of others (`token_cache.hpp`)

  /// Not expired, as far as this clock can tell: one that stepped back behind `issued_at` cannot tell.
  bool valid_at(base::TimePoint now) const;
  /// Good for a long push as well: at least half of its life is left. Docker asks once, and uses the answer
  /// for the whole upload.
  bool fresh_at(base::TimePoint now) const;

  /// What a registry client needs: `0sessiontoken` and `{"token":…,"expires_in":…}`, with the seconds left at
  /// `now`.
  docker::Credential credential_for(std::string server_url, base::TimePoint now) const;

  /// For a store.
  base::Secret to_record() const;
  /// Absent when this version cannot read `record`: it counts as no token.
  static std::optional<RegistryToken> from_record(const base::Secret& record);
};

}  // namespace token
