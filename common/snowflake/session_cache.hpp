// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/config_paths.hpp"
#include "net/http.hpp"
#include "snowflake/cached_credentials.hpp"
#include "snowflake/login_identity.hpp"
#include "snowflake/rest.hpp"
#include "snowflake/session.hpp"
#include "token/login_lock.hpp"
#include "token/token_cache.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// What a session cache works with.
struct SessionParts {
  const base::Environment& environment;
  base::Clock& clock;
  net::HttpClient& http;
  token::Stores& stores;
  token::LockPlaces lock_places;
  config::ConfigFingerprint config_fingerprint;  ///< of the files and variables as they are now
  base::Deadline deadline;                       ///< of everything, waiting for other processes included
  ui::Prompter* prompter = nullptr;              ///< who is asked where a login needs a user; may be null
};

/// How much of what is cached a registry token may come from.
enum class Refresh {
  when_stale,  ///< a cached token is good enough as long as it is fresh
  token,       ///< a new token, from a session that may be cached
  login,       ///< a new login: a user asks for it
};

/// The session of a login, for statements and for registry tokens alike: the cached one as long as Snowflake
/// accepts it, else that one renewed, else a new one. However many processes need one at once, one of them
/// renews or logs in, and the others use what it got.
///
/// Whoever finds that a session has ended drops the registry tokens that came from it.
class SessionCache {
public:
  /// Throws `config` when the connection is not sound. Nothing is asked of Snowflake yet.
  SessionCache(config::Connection, SessionParts);
  SessionCache(const SessionCache&) = delete;
  SessionCache& operator=(const SessionCache&) = delete;

  /// A registry token that is good for a long push. `ready_for`: the host at which the next `get` is to find
  /// it; null for none. Without the network a token past half of its life is returned as long as it is valid.
  /// Throws what keeps a token from being had.
  token::RegistryToken registry_token(const docker::RegistryHost* ready_for, Refresh = Refresh::when_stale);

  /// Runs a statement (`statement.hpp`), once, whatever becomes of the session meanwhile. Throws what logging
  /// in throws as well.
  void run(std::string_view sql, ResultSink&);
  /// The same for a small result.
  Result run(std::string_view sql);
  /// The same for the REST interface (`rest.hpp`).
  RestAnswer call(const RestCall&);

  /// Log in when nothing is cached.
  const SessionContext& context() { return tokens().context; }
  const SessionTokens& tokens() { return session(nullptr).tokens(); }

  const LoginIdentity& identity() const noexcept { return identity_; }
  const config::Account& account() const noexcept { return identity_.account; }
  /// What is cached of this login. Asks no network.
  std::vector<CachedCredential> cached() { return cached_credentials(identity_, *parts_.stores.credentials); }
  /// Drops all of that. Snowflake is not told: a push in another terminal may be using it. Throws `keyring`.
  void forget();
  /// Drops the registry token alone; the session that it came from stays. Throws `keyring`.
  void forget_registry_token();
  /// Whether Snowflake accepts the cached session, renewed if it has expired. Never logs in: no phone rings.
  /// A session that has ended is dropped, with the registry tokens that came from it. Throws `network`.
  bool check();
  /// Ends the cached session at Snowflake, and with it every registry token that came from it. False when
  /// none is cached, or it had ended already. Throws `network`.
  bool end();

private:
  token::LoginLock lock(const base::Deadline&) const;
  /// Does `action` with a session that Snowflake accepts. `held` is the lock, when the caller has it.
  void with_session(const std::function<SessionStatus(Session&)>& action, const token::LoginLock* held);
  Session& session(const token::LoginLock* held);
  /// Replaces a session that Snowflake does not accept any more, unless another process has done so.
  void replace(SessionStatus, const token::LoginLock* held);
  bool renew(const SessionTokens&);
  void log_in(const token::LoginLock&);
  Session new_session();
  token::RegistryToken issue(const token::LoginLock&, Refresh);
  std::optional<SessionTokens> load_session();
  void save_session(const Session&);
  void drop_session();

  LoginIdentity identity_;
  SessionParts parts_;
  Api api_;
  token::TokenCache tokens_;
  std::optional<Session> session_;
  bool is_new_ = false;  ///< the session was opened by this operation
};

}  // namespace snowflake
