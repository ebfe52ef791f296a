// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "snowflake/api.hpp"
#include "snowflake/statement.hpp"

namespace snowflake {

/// Where a session stands, as Snowflake said when it was opened: not what was asked for, since a database
/// that the role may not use counts for nothing (`snowflake/PROTOCOL.md` 9.6).
struct SessionContext {
  std::string user;
  std::string role;
  std::string database;  ///< empty when there is none
  std::string schema;    ///< empty when there is none
};

/// What a session is used and renewed with.
struct SessionTokens {
  base::Secret session;
  base::Secret master;
  base::TimePoint session_expires_at;
  base::TimePoint master_expires_at;
  SessionContext context = {};

  /// For a store.
  base::Secret to_record() const;
  /// Absent when this version cannot read it.
  static std::optional<SessionTokens> from_record(const base::Secret&);
};

/// What an answer says of a session. `*_life` are seconds from `asked_at`.
SessionTokens tokens_in(const base::Json& data, std::string_view session, std::string_view session_life,
                        std::string_view master, std::string_view master_life, base::TimePoint asked_at);

/// A token that was issued, and until when it lasts.
struct IssuedToken {
  base::Secret value;
  base::TimePoint issued_at;
  base::TimePoint expires_at;
};

/// A session at Snowflake. It is never closed, neither here nor by going out of scope: that would kill the
/// registry tokens that came from it (`snowflake/PROTOCOL.md` 4.3).
class Session {
public:
  Session(Api& api, SessionTokens tokens, base::Clock& clock)
      : api_(api), tokens_(std::move(tokens)), clock_(clock) {}

  /// RENEW: a new pair of tokens for this session (3). The old pair is dead once this returns. Throws the
  /// refusal.
  void renew();

  /// ISSUE: a token for the registry. Throws refusals that do not end the session, and `denied` for a token
  /// that has expired already.
  SessionStatus issue_registry_token(IssuedToken&);

  /// Sets the result format that the registry insists on (2.7). Throws `denied` when the session is over.
  void set_up();
  /// Tells Snowflake that it is alive (6): `done`, or `session_expired` when it has to be renewed. Throws
  /// other refusals.
  SessionStatus heartbeat();
  /// Ends it at Snowflake (6), with every registry token that came from it. False when it was over already.
  /// Throws other refusals.
  bool end();
  /// Runs one statement (`statement.hpp`).
  SessionStatus run(std::string_view sql, ResultSink&);

  const SessionTokens& tokens() const noexcept { return tokens_; }

private:
  Answer request_token(std::string_view type);

  Api& api_;
  SessionTokens tokens_;
  base::Clock& clock_;
  int statements_ = 0;
};

}  // namespace snowflake
