// SPDX-License-Identifier: Apache-2.0
#include "snowflake/registry_token.hpp"

#include "base/error.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/logout.hpp"
#include "snowflake/other_token_sources.hpp"

namespace snowflake {
namespace {

using base::Error;

/// Erases the old token of a login, which must not be used for any host: the user asked for a new one, or a
/// registry refused it.
void forget_old(const token::TokenCache& tokens, const token::StoreKey& login) {
  try {
    tokens.forget(login);
  } catch (const Error&) {
    // A store that fails does not return it either, and must not make a login fail.
  }
}

/// How long to wait for another process that is logging in, while the cached token is still valid.
constexpr std::chrono::seconds wait_with_valid_token{5};

IssuedToken issued_by_session(SessionCache& session, const token::LoginLock& held, Refresh refresh) {
  IssuedToken issued;
  const SessionCache::Action issue = [&](Session& current, bool is_new) {
    try {
      return current.issue_registry_token(issued);
    } catch (const Error& error) {
      const auto described = session.parts().describe(error);
      if (is_new) held.records().remember_failure(described);
      if (is_new || !is_refusal(error)) throw described;
      // A cached session that cannot issue a token is replaced once.
      held.records().throw_if_refused();
      return SessionStatus::session_ended;
    }
  };
  if (refresh == Refresh::login) {
    session.with_new_session(issue, held);
  } else {
    session.with_session(issue, &held);
  }
  return issued;
}

token::RegistryToken issue_token(SessionCache& session, const token::LoginLock& held, Refresh refresh) {
  const auto& parts = session.parts();
  const auto& connection = session.identity().connection;
  if (refresh == Refresh::login) held.records().forget_refusal();
  IssuedToken issued;
  if (connection.token_source == config::TokenSource::snow) {
    held.records().throw_if_refused();
    issued =
        held.run([&] { return token_from_snow(connection, parts.environment, parts.deadline, parts.clock); });
  } else {
    issued = issued_by_session(session, held, refresh);
  }
  return {std::move(issued.value), issued.issued_at, issued.expires_at, connection.name,
          parts.config_fingerprint.value};
}

}  // namespace

token::RegistryToken registry_token(SessionCache& session, const docker::RegistryHost* ready_for,
                                    Refresh refresh) {
  const auto& parts = session.parts();
  const auto& connection = session.identity().connection;
  const auto& key = session.identity().key;
  if (connection.token_source == config::TokenSource::programmatic_access_token)
    return programmatic_access_token(connection, parts.environment, parts.clock.now());
  const token::TokenCache tokens{parts.stores};
  std::optional<token::RegistryToken> cached;
  const auto find_fresh = [&] {
    cached = tokens.find(key);
    if (!cached || !cached->fresh_at(parts.clock.now())) return false;
    // The configuration may have changed since, but it selects the same login, or the key would differ.
    cached->config_fingerprint = parts.config_fingerprint.value;
    if (ready_for != nullptr) tokens.make_ready(*ready_for, *cached);
    return true;
  };
  const auto is_valid = [&] { return cached && cached->valid_at(parts.clock.now()); };

  if (refresh == Refresh::when_stale && find_fresh()) return *cached;
  try {
    const auto held =
        session.lock(is_valid() ? parts.deadline.within(wait_with_valid_token) : parts.deadline);
    // Another process may have fetched one meanwhile.
    if (refresh == Refresh::when_stale && find_fresh()) return *cached;
    auto token = issue_token(session, held, refresh);
    if (refresh != Refresh::when_stale) forget_old(tokens, key);
    tokens.save(key, token);
    if (ready_for != nullptr) tokens.make_ready(*ready_for, token);
    return token;
  } catch (const Error& error) {
    if (error.consequences().transient && is_valid()) return *cached;
    throw;
  }
}

token::RegistryToken checked_registry_token(SessionCache& session, const docker::RegistryHost* ready_for) {
  try {
    static_cast<void>(session.check());
  } catch (const Error&) {
    // Without an answer, a cached token may still be valid.
  }
  return registry_token(session, ready_for);
}

void forget_registry_token(const SessionCache& session) {
  const auto held = lock_to_forget(session.identity().key, session.parts());
  token::TokenCache{session.parts().stores}.forget(session.identity().key);
}

}  // namespace snowflake
