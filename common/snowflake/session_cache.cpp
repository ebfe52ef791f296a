// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session_cache.hpp"

#include "base/error.hpp"
#include "config/value_repair.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/login.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

}  // namespace

SessionCache::SessionCache(config::Connection connection, const SessionParts& parts)
    : SessionCache(LoginIdentity{std::move(connection), parts.environment}, parts) {}

SessionCache::SessionCache(LoginIdentity identity, SessionParts parts)
    : identity_(std::move(identity)),
      parts_(std::move(parts)),
      api_(parts_.http, parts_.clock, identity_.account),
      registry_tokens_(parts_.stores) {}

token::LoginLock SessionCache::lock(const base::Deadline& deadline) const {
  return {parts_.lock_locations, identity_.subject(parts_.config_fingerprint, parts_.environment), deadline,
          parts_.clock};
}

void SessionCache::with_session(const Action& action, const token::LoginLock* held) {
  has_logged_in_ = false;
  run_action(action, held);
}

void SessionCache::with_new_session(const Action& action, const token::LoginLock& held) {
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
  run_action(action, &held);
}

void SessionCache::run_action(const Action& action, const token::LoginLock* held) {
  // Three attempts: with the cached session, with the renewed one, and with a new one.
  for (int attempts = 3; attempts > 0; --attempts) {
    auto& current = session(held);
    const auto status = action(current, has_logged_in_);
    if (status == SessionStatus::done) return;
    // One action must not log in, and notify a phone, twice.
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
      throw parts_.describe(error);
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

Session SessionCache::open_session() {
  const AuthContext context{
      identity_.connection,
      identity_.account,
      parts_.environment,
      parts_.clock,
      parts_.http,
      StoredCredentials{*parts_.stores.credentials, identity_.key.host, identity_.key.user},
      parts_.prompter};
  try {
    return snowflake::open_session(api_, context);
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
  quietly([&] { registry_tokens_.forget(identity_.key); });
  quietly([&] { parts_.stores.credentials->erase(identity_.key_of(session_kind)); });
}

void SessionCache::run(std::string_view sql, ResultSink& sink) {
  with_session([&](Session& session, bool) { return session.run(sql, sink); }, nullptr);
}

Result SessionCache::run(std::string_view sql) {
  Result result;
  run(sql, result);
  return result;
}

RestAnswer SessionCache::call(const RestCall& call) {
  RestAnswer answer;
  with_session([&](Session& session, bool) { return session.call(call, answer); }, nullptr);
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
  auto registry_token = registry_tokens_.find(identity_.key);
  {
    const auto held = lock(parts_.deadline);
    drop_session();
  }
  identity_ = std::move(identity);
  const auto held = lock(parts_.deadline);
  session_.emplace(api_, std::move(tokens), parts_.clock);
  save_session(*session_);
  if (registry_token) registry_tokens_.save(identity_.key, *registry_token);
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

}  // namespace snowflake
