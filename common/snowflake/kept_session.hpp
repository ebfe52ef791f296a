// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "net/http.hpp"
#include "snowflake/rest.hpp"
#include "snowflake/sign_in.hpp"
#include "token/token_store.hpp"

namespace snowflake {

/// Where sessions are kept, and how long to wait for those who hold the lock.
struct SessionPlaces {
  token::TokenStore& kept;
  std::filesystem::path runtime;
  std::string sources;  ///< fingerprint of the files and variables as they are now
  base::Deadline deadline;
};

/// The session of a sign-in for statements of SQL: the kept one, which the credential helper uses as well, as
/// long as Snowflake takes it; else that one renewed; else a new one.
class KeptSession {
public:
  KeptSession(SignIn sign_in, net::HttpClient& http, SessionPlaces places, base::Clock& clock);
  KeptSession(const KeptSession&) = delete;
  KeptSession& operator=(const KeptSession&) = delete;

  /// Runs a statement (`statement.hpp`), which is done once whatever became of the session meanwhile. Throws
  /// what signing in throws as well.
  void run(std::string_view sql, ResultSink&);
  /// The same for a small result.
  Result run(std::string_view sql);

  /// The same for the REST interface (`rest.hpp`).
  RestAnswer call(const RestCall&);

  /// Signs in when nothing is kept.
  const SessionContext& context() { return tokens().context; }
  const SessionTokens& tokens() { return session().tokens(); }
  const config::Account& account() const noexcept { return api_.account(); }

private:
  Session& session();
  /// Does `action` with a session that Snowflake takes.
  void with_session(const std::function<SessionStatus(Session&)>& action);
  /// Replaces what did not work any more, unless another process has done so.
  void replace(SessionStatus);

  SignIn sign_in_;
  Api api_;
  SessionPlaces places_;
  base::Clock& clock_;
  std::optional<Session> session_;
};

}  // namespace snowflake
