// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session_cache.hpp"

#include "base/error.hpp"
#include "config/value_repair.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/login.hpp"
#include "snowflake/other_token_sources.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// How long to wait for another process that is logging in, while the cached token is still valid.
constexpr std::chrono::seconds wait_with_valid_token{5};
/// Short, because logging out must not fail when another process hangs.
constexpr std::chrono::seconds wait_to_forget{5};

/// Whether Snowflake refused the tokens or credentials, rather than this machine's network.
bool is_refusal(const Error& error) {
  return error.kind() == Kind::denied && !error.consequences().transient;
}

/// Runs `action` with the lock, or without it when another process does not release it in time.
void with_lock_if_free(const std::function<token::LoginLock()>& lock, const std::function<void()>& action) {
  try {
    const auto held = lock();
    action();
  } catch (const Error& error) {
    if (error.kind() != Kind::busy) throw;
    action();
  }
}

}  // namespace

SessionCache::SessionCache(config::Connection connection, SessionParts parts)
    : SessionCache(LoginIdentity{std::move(connection), parts.environment}, parts) {}

SessionCache::SessionCache(LoginIdentity identity, SessionParts parts)
    : identity_(std::move(identity)),
      parts_(std::move(parts)),
      api_(parts_.http, parts_.clock, identity_.account),
      tokens_(parts_.stores) {}

token::LoginLock SessionCache::lock(const base::Deadline& deadline) const {
  return {parts_.lock_locations, identity_.subject(parts_.config_fingerprint, parts_.environment), deadline,
          parts_.clock};
}

token::RegistryToken SessionCache::registry_token(const docker::RegistryHost* ready_for, Refresh refresh) {
  if (identity_.connection.token_source == config::TokenSource::programmatic_access_token)
    return programmatic_access_token(identity_.connection, parts_.environment, parts_.clock.now());
  std::optional<token::RegistryToken> cached;
  const auto find_fresh = [&] {
    cached = tokens_.find(identity_.key);
    if (!cached || !cached->fresh_at(parts_.clock.now())) return false;
    // The configuration may have changed since, but it selects the same login, or the key would differ.
    cached->config_fingerprint = parts_.config_fingerprint.value;
    if (ready_for != nullptr) tokens_.make_ready(*ready_for, *cached);
    return true;
  };
  has_logged_in_ = false;
  const auto is_valid = [&] { return cached && cached->valid_at(parts_.clock.now()); };

  if (refresh == Refresh::when_stale && find_fresh()) return *cached;
  try {
    const auto held = lock(is_valid() ? parts_.deadline.within(wait_with_valid_token) : parts_.deadline);
    // Another process may have fetched one meanwhile.
    if (refresh == Refresh::when_stale && find_fresh()) return *cached;
    auto token = issue(held, refresh);
    // The old token must not be used for any host: the user asked for a new one, or a registry refused it.
    if (refresh != Refresh::when_stale) tokens_.forget(identity_.key);
    tokens_.save(identity_.key, token);
    if (ready_for != nullptr) tokens_.make_ready(*ready_for, token);
    return token;
  } catch (const Error& error) {
    if (error.consequences().transient && is_valid()) return *cached;
    throw;
  }
}

token::RegistryToken SessionCache::checked_registry_token(const docker::RegistryHost* ready_for) {
  try {
    static_cast<void>(check());
  } catch (const Error&) {
    // Without an answer, a cached token may still be valid.
  }
  return registry_token(ready_for);
}

token::RegistryToken SessionCache::issue(const token::LoginLock& held, Refresh refresh) {
  if (refresh == Refresh::login) held.records().forget_refusal();
  const auto registry_token_of = [this](IssuedToken&& issued) {
    return token::RegistryToken{std::move(issued.value), issued.issued_at, issued.expires_at,
                                identity_.connection.name, parts_.config_fingerprint.value};
  };
  if (identity_.connection.token_source == config::TokenSource::snow) {
    held.records().throw_if_refused();
    return registry_token_of(held.run([this] {
      return token_from_snow(identity_.connection, parts_.environment, parts_.deadline, parts_.clock);
    }));
  }
  if (refresh == Refresh::login) log_in_again(held);
  IssuedToken issued;
  with_session(
      [&](Session& session) {
        try {
          return session.issue_registry_token(issued);
        } catch (const Error& error) {
          const auto described = described_by_caller(error);
          if (has_logged_in_) held.records().remember_failure(described);
          if (has_logged_in_ || !is_refusal(error)) throw described;
          // A cached session that cannot issue a token is replaced once.
          held.records().throw_if_refused();
          return SessionStatus::session_ended;
        }
      },
      &held);
  return registry_token_of(std::move(issued));
}

void SessionCache::with_session(const std::function<SessionStatus(Session&)>& action,
                                const token::LoginLock* held) {
  // Three attempts: with the cached session, with the renewed one, and with a new one.
  for (int attempts = 3; attempts > 0; --attempts) {
    const auto status = action(session(held));
    if (status == SessionStatus::done) return;
    // One operation must not log in, and notify a phone, twice.
    if (has_logged_in_) break;
    replace(status, held);
  }
  const Error ended{Kind::denied,
                    "Snowflake ends the session as soon as it is opened: " + api_.last_refusal(),
                    "check the session policies of the account, and the clock of this machine"};
  if (held != nullptr && has_logged_in_) held->records().remember_failure(ended);
  throw ended;
}

Session& SessionCache::session(const token::LoginLock* held) {
  if (session_) return *session_;
  if (auto tokens = load_session()) return session_.emplace(api_, std::move(*tokens), parts_.clock);
  replace(SessionStatus::session_ended, held);
  return *session_;
}

void SessionCache::replace(SessionStatus status, const token::LoginLock* held) {
  std::optional<token::LoginLock> own;
  if (held == nullptr) {
    own.emplace(lock(parts_.deadline));
    held = &*own;
  }
  const std::string old{session_ ? session_->tokens().session.reveal() : std::string_view{}};
  auto cached = load_session();
  if (cached && cached->session.reveal() != old) {
    session_.emplace(api_, std::move(*cached), parts_.clock);
    return;
  }
  if (cached && status == SessionStatus::session_expired && renew(*cached)) return;
  if (cached || session_) drop_session();
  log_in(*held);
}

bool SessionCache::renew(const SessionTokens& tokens) {
  Session renewed{api_, tokens, parts_.clock};
  try {
    renewed.renew();
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    return false;
  }
  save_session(renewed);
  session_.emplace(std::move(renewed));
  return true;
}

void SessionCache::log_in(const token::LoginLock& held) {
  const auto open = [&] {
    try {
      auto session = open_session();
      // Save it before it is used, so that it is not lost when this process is killed.
      save_session(session);
      return session;
    } catch (const Error& error) {
      throw described_by_caller(error);
    }
  };
  // A secret from the command line may differ from the refused one: refusals are neither checked nor
  // recorded.
  if (identity_.connection.has_secret_option) {
    session_.emplace(open());
  } else {
    held.records().throw_if_refused();
    session_.emplace(held.run(open));
  }
  has_logged_in_ = true;
}

void SessionCache::log_in_again(const token::LoginLock& held) {
  try {
    log_in(held);
  } catch (const Error& refused) {
    if (is_refusal(refused)) {
      // Often both have the same cause: tokens from a session that has ended must not be returned either.
      try {
        static_cast<void>(is_accepted(&held));
      } catch (const Error&) {
        // The refusal is more specific.
      }
    }
    throw;
  }
}

Error SessionCache::described_by_caller(const Error& error) const {
  return parts_.describe ? parts_.describe(error) : error;
}

Session SessionCache::open_session() {
  const auto& connection = identity_.connection;
  if (connection.has("session_token") && connection.has("master_token"))
    return adopt_session(api_, connection, parts_.clock);
  const auto authenticator = make_authenticator(
      {connection, identity_.account, parts_.environment, parts_.clock, parts_.http,
       StoredCredentials{*parts_.stores.credentials, identity_.key.host, identity_.key.user},
       parts_.prompter});
  try {
    return snowflake::log_in(api_, connection, *authenticator, parts_.prompter, parts_.clock);
  } catch (const Error& error) {
    const auto found = parts_.stores.credentials->find(identity_.key_of(session_kind));
    if (error.kind() != Kind::login_required || !found.failure) throw;
    // The credential that would avoid the prompt may be in a store that does not answer.
    throw Error(Kind::login_required, std::string{error.what()} + " (" + found.failure->what() + ")",
                {found.failure->hint() + ", or: " + error.hint(), error.next_step().needs});
  }
}

std::optional<SessionTokens> SessionCache::load_session() {
  const auto record = parts_.stores.credentials->load(identity_.key_of(session_kind));
  auto tokens = record ? SessionTokens::from_record(*record) : std::nullopt;
  // By this machine's clock. When the session has expired by Snowflake's clock, Snowflake says so.
  if (tokens && tokens->master_expires_at <= parts_.clock.now()) tokens.reset();
  return tokens;
}

void SessionCache::save_session(const Session& session) {
  parts_.stores.credentials->save(identity_.key_of(session_kind), session.tokens().to_record(),
                                  session.tokens().master_expires_at);
}

void SessionCache::drop_session() {
  session_.reset();
  const auto quietly = [](const auto& action) {
    try {
      action();
    } catch (const Error&) {
      // A store that has failed is not used again by this process.
    }
  };
  quietly([&] { tokens_.forget(identity_.key); });
  quietly([&] { parts_.stores.credentials->erase(identity_.key_of(session_kind)); });
}

void SessionCache::run(std::string_view sql, ResultSink& sink) {
  has_logged_in_ = false;
  with_session([&](Session& session) { return session.run(sql, sink); }, nullptr);
}

Result SessionCache::run(std::string_view sql) {
  Result result;
  run(sql, result);
  return result;
}

RestAnswer SessionCache::call(const RestCall& call) {
  RestAnswer answer;
  has_logged_in_ = false;
  with_session(
      [&](Session& session) {
        return run_rest_call(api_, session.tokens().session, call, answer, parts_.clock);
      },
      nullptr);
  return answer;
}

void SessionCache::use_schema(const std::string& database, const std::string& schema) {
  auto connection = identity_.connection;
  config::set_value(connection, "database", base::Secret{database}, {});
  config::set_value(connection, "schema", base::Secret{schema}, {});
  LoginIdentity in_schema{std::move(connection), parts_.environment};
  NoRows nothing;
  run("use schema " + database + "." + schema, nothing);
  auto tokens = session_->tokens();
  tokens.context.database = database;
  tokens.context.schema = schema;
  // A connection without the schema must not find a session that is in it.
  move_to(std::move(in_schema), std::move(tokens));
}

void SessionCache::use_authenticator(const std::string& authenticator) {
  auto connection = identity_.connection;
  config::set_value(connection, "authenticator", base::Secret{authenticator}, {});
  LoginIdentity changed{std::move(connection), parts_.environment};
  auto session_tokens = tokens();
  move_to(std::move(changed), std::move(session_tokens));
}

void SessionCache::move_to(LoginIdentity identity, SessionTokens tokens) {
  auto registry_token = tokens_.find(identity_.key);
  {
    const auto held = lock(parts_.deadline);
    drop_session();
  }
  identity_ = std::move(identity);
  const auto held = lock(parts_.deadline);
  session_.emplace(api_, std::move(tokens), parts_.clock);
  save_session(*session_);
  if (registry_token) tokens_.save(identity_.key, *registry_token);
}

void SessionCache::forget() {
  session_.reset();
  with_lock_if_free([this] { return lock(parts_.deadline.within(wait_to_forget)); },
                    [this] { forget_credentials(identity_, parts_.stores); });
}

void SessionCache::forget_registry_token() {
  with_lock_if_free([this] { return lock(parts_.deadline.within(wait_to_forget)); },
                    [this] { tokens_.forget(identity_.key); });
}

bool SessionCache::is_accepted(const token::LoginLock* held) {
  auto tokens = load_session();
  if (!tokens) return false;
  auto status = SessionStatus::session_ended;
  try {
    status = Session{api_, *tokens, parts_.clock}.heartbeat();
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
  }
  if (status == SessionStatus::done) return true;
  std::optional<token::LoginLock> own;
  if (held == nullptr) own.emplace(lock(parts_.deadline));
  // Another process may have replaced the session meanwhile.
  const auto cached = load_session();
  if (cached && cached->session.reveal() != tokens->session.reveal()) return true;
  if (cached && status == SessionStatus::session_expired && renew(*cached)) return true;
  drop_session();
  return false;
}

bool SessionCache::end() {
  auto tokens = load_session();
  if (!tokens) return false;
  return Session{api_, std::move(*tokens), parts_.clock}.end();
}

}  // namespace snowflake
