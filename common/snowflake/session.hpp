// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "snowflake/api.hpp"
#include "snowflake/statement.hpp"

namespace snowflake {

/// The context that Snowflake reported when the session was opened. May differ from the connection: Snowflake
/// ignores a database that the role may not use (`snowflake/PROTOCOL.md` 9.6).
struct SessionContext {
  std::string user;
  std::string role;
  std::string database;  ///< empty when there is none
  std::string schema;    ///< empty when there is none
};

/// The tokens with which a session is used and renewed.
struct SessionTokens {
  base::Secret session;
  base::Secret master;
  base::TimePoint session_expires_at;
  base::TimePoint master_expires_at;
  SessionContext context = {};

  /// The tokens as a store saves them.
  base::Secret to_record() const;
  /// Absent when this version cannot read the record.
  static std::optional<SessionTokens> from_record(const base::Secret&);
};

/// The tokens in an answer, by the names of their fields. The lifetimes are counted from `requested_at`.
SessionTokens tokens_in(const base::Json& data, std::string_view session, std::string_view session_life,
                        std::string_view master, std::string_view master_life, base::TimePoint requested_at);

/// Whether a second factor was used to open a session. Unknown for a cached session, and after a slow
/// login, during which the user may have approved it on a phone: Snowflake's answer does not say
/// (`snowflake/PROTOCOL.md` 3.2).
enum class SecondFactor { unknown, unused, used };

/// An issued token and its lifetime.
struct IssuedToken {
  base::Secret value;
  base::TimePoint issued_at;
  base::TimePoint expires_at;
};

/// A request to Snowflake's REST API (`snowflake/PROTOCOL.md` 7).
struct RestCall {
  std::string path;  ///< with its query, percent-encoded
  base::Json body;
};

/// The answer of the REST API. Its HTTP status says whether the call succeeded; there is no envelope.
struct RestAnswer {
  int status = 0;
  base::Json body;
};

/// Throws `network` for a registry token that is malformed, and `denied` for one that has already expired.
void require_usable(const IssuedToken&);

/// A session at Snowflake. The destructor does not close it: that would invalidate the registry tokens that
/// came from it (`snowflake/PROTOCOL.md` 4.3).
class Session {
public:
  Session(Api& api, SessionTokens tokens, base::Clock& clock,
          SecondFactor second_factor = SecondFactor::unknown)
      : api_(api), tokens_(std::move(tokens)), clock_(clock), second_factor_(second_factor) {}

  /// Gets a new pair of tokens for this session (RENEW); the old pair is invalid afterwards. Throws the
  /// refusal.
  void renew();

  /// Gets a token for the registry (ISSUE). Throws refusals that do not end the session, and `denied` for a
  /// token that has already expired.
  SessionStatus issue_registry_token(IssuedToken&);

  /// Sets the result format that the registry requires. Throws `denied` when the session has expired.
  void set_up();
  /// Checks that the session is valid: `done`, or `session_expired` when it must be renewed. Throws other
  /// refusals.
  SessionStatus heartbeat();
  /// Ends the session at Snowflake, and with it every registry token that came from it. False when it had
  /// already ended. Throws other refusals.
  bool end();
  /// Runs one statement (`statement.hpp`).
  SessionStatus run(std::string_view sql, ResultSink&);
  /// Sends a POST request to the REST API without retries, and polls while the answer is not ready (202).
  /// Fills in `answer` unless the session has expired or ended. Throws `network`.
  SessionStatus call(const RestCall&, RestAnswer& answer);

  const SessionTokens& tokens() const noexcept { return tokens_; }
  SecondFactor second_factor() const noexcept { return second_factor_; }

private:
  Answer request_token(std::string_view type);
  net::HttpRequest rest_request(const std::string& path) const;

  Api& api_;
  SessionTokens tokens_;
  base::Clock& clock_;
  SecondFactor second_factor_;
  int statements_ = 0;
};

}  // namespace snowflake
