// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "config/account.hpp"
#include "config/config_paths.hpp"
#include "net/http.hpp"
#include "snowflake/cached_credentials.hpp"
#include "snowflake/login_identity.hpp"
#include "snowflake/session.hpp"
#include "token/login_lock.hpp"
#include "token/token_cache.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// The dependencies of a session cache.
struct SessionParts {
  const base::Environment& environment;
  base::Clock& clock;
  net::HttpClient& http;
  token::Stores& stores;
  token::LockLocations lock_locations;
  config::ConfigFingerprint config_fingerprint;  ///< of the files and variables as they are now
  base::Deadline deadline;                       ///< for everything, including waiting for other processes
  ui::Prompter* prompter = nullptr;              ///< for interactive logins; may be null
  /// Adds details that the caller knows to an error of a login or a registry token, before it is recorded and
  /// thrown.
  std::function<base::Error(const base::Error&)> describe = [](const base::Error& error) { return error; };
};

/// The session of a login, for statements and registry tokens: the cached session if Snowflake still accepts
/// it, else renewed, else a new one. When several processes need a session at the same time, one of them
/// renews it or logs in, and the others use the result. The registry tokens of a session that turns out to
/// have ended are erased.
class SessionCache {
public:
  /// Throws `config` when the connection is not valid. Sends nothing to Snowflake yet.
  SessionCache(config::Connection, const SessionParts&);
  SessionCache(LoginIdentity, SessionParts);
  SessionCache(const SessionCache&) = delete;
  SessionCache& operator=(const SessionCache&) = delete;

  /// What is run with a session. `is_new`: the session has been opened for it.
  using Action = std::function<SessionStatus(Session&, bool is_new)>;
  /// Runs an action with the cached session. If it was not processed, runs it again with the renewed session,
  /// or with a new one. `held` is the lock of this login if the caller has it, else null. Throws everything
  /// that logging in throws.
  void with_session(const Action&, const token::LoginLock* held);
  /// The same, but logs in first, because the user asks for it. When that is refused, checks the cached
  /// session as well, and erases it and its registry token if it has ended.
  void with_new_session(const Action&, const token::LoginLock& held);

  /// Changes the session to this schema, and caches it and its registry token for the connection that differs
  /// only in database and schema, which then need not log in. Both are identifiers that need no quotes.
  /// Throws what `run` throws; then nothing has changed.
  void use_schema(const std::string& database, const std::string& schema);

  /// Caches the session and its registry token for the connection that differs only in its authenticator,
  /// which is first used when the session has ended.
  void use_authenticator(const std::string& authenticator);

  /// Whether a second factor was used for the session, if it was opened by this object.
  SecondFactor second_factor() const { return session_ ? session_->second_factor() : SecondFactor::unknown; }

  /// Runs a statement (`statement.hpp`) exactly once, even when the session must be replaced first. Also
  /// throws the errors of logging in.
  void run(std::string_view sql, ResultSink&);
  /// The same for a small result.
  Result run(std::string_view sql);
  /// The same for the REST API.
  RestAnswer call(const RestCall&);

  /// Logs in when no session is cached.
  const SessionContext& context() { return tokens().context; }
  /// Logs in when no session is cached.
  const SessionTokens& tokens() { return session(nullptr).tokens(); }

  /// Waits for the lock of this login. Throws `busy` at the deadline.
  token::LoginLock lock(const base::Deadline&) const;
  const SessionParts& parts() const noexcept { return parts_; }
  const LoginIdentity& identity() const noexcept { return identity_; }
  const config::Account& account() const noexcept { return identity_.account; }
  /// What is cached for this login. Does not use the network.
  std::vector<CachedCredential> cached() { return cached_credentials(identity_, *parts_.stores.credentials); }
  /// Whether Snowflake accepts the cached session, renewing it if it has expired. Never logs in. Erases a
  /// session that has ended, and the registry tokens that came from it. Throws `network`, and `busy` when
  /// another process does not release the lock in time.
  bool check() { return is_accepted(nullptr); }

private:
  void run_action(const Action&, const token::LoginLock* held);
  Session& session(const token::LoginLock* held);
  /// Replaces a session that Snowflake no longer accepts, unless another process has already done so.
  void replace(SessionStatus, const token::LoginLock* held);
  bool renew(const SessionTokens&);
  void log_in(const token::LoginLock&);
  Session open_session();
  /// `held` is the lock if the caller has it, else null.
  bool is_accepted(const token::LoginLock* held);
  std::optional<SessionTokens> load_session();
  void save_session(const Session&);
  void drop_session();
  /// Makes the session, in this context, and its registry token those of another identity, which then finds
  /// them cached; this one no longer does.
  void move_to(LoginIdentity, SessionTokens);

  LoginIdentity identity_;
  SessionParts parts_;
  Api api_;
  token::TokenCache registry_tokens_;
  std::optional<Session> session_;
  bool has_logged_in_ = false;  ///< the session has been opened for this action
};

}  // namespace snowflake
