// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "output/units.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/other_token_sources.hpp"
#include "token/login_lock.hpp"

namespace plugin::doctor {
namespace {

/// Why the last login failed; absent when it did not. Throws the error that the next login would get without
/// asking Snowflake.
std::optional<Finding> last_failure(CheckContext& context) {
  constexpr std::chrono::seconds timeout{1};
  const snowflake::LoginIdentity login{*context.connection, context.environment};
  const auto fingerprint = config::fingerprint(context.environment, context.resolver.paths());
  std::optional<token::LoginLock> lock;
  try {
    lock.emplace(token::LockLocations::of(context.environment, context.clock),
                 login.subject(fingerprint, context.environment), context.deadline.within(timeout),
                 context.clock);
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::busy) throw;
    return std::nullopt;  // a login is under way: nothing is known yet
  }
  lock->records().throw_if_refused();
  const auto failure = lock->records().last_failure();
  if (!failure) return std::nullopt;
  const auto age = output::age_in_words(context.clock.now() - failure->at);
  return failed("failed " + age + ": " + failure->error.what(), failure->error.hint());
}

/// When the last credential expires whose kind `counts`; now, if there is none.
template <typename Counts>
base::TimePoint last_expiry(const std::vector<snowflake::CachedCredential>& cached, base::TimePoint now,
                            const Counts& counts) {
  auto until = now;
  for (const auto& credential : cached) {
    if (counts(credential.kind)) until = std::max(until, credential.expires_at);
  }
  return until;
}

std::string lasting_until(base::TimePoint end, base::TimePoint now) {
  return "the stored login lasts " + output::time_left(end - now);
}

/// Throws `login_required` when Snowflake has ended the session and only the user can open another one.
Finding open_session(CheckContext& context, NextPush& push, const std::string& sentence) {
  try {
    auto session = context.wiring.session(*context.connection);
    if (session.check()) return ok(sentence);
    push.cached = session.cached();
    throw base::Error(base::Kind::login_required, "login needed: Snowflake has ended the session",
                      snowflake::login_command(*context.connection));
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::network) throw;
    return warning(sentence + "; it could not be checked: " + error.what(), error.hint());
  }
}

Finding interactive_login(CheckContext& context, NextPush& push, bool ask_server) {
  const auto now = context.clock.now();
  const auto& connection = *context.connection;
  push.login_at = login_needed_at(connection, push.cached, now);
  if (*push.login_at == now) {
    const auto authenticator = connection.authenticator();
    const std::string why = authenticator == "SNOWFLAKE" ? "the connection has no password"
                                                         : base::printable(authenticator, 100) + " needs you";
    throw base::Error(base::Kind::login_required, "login needed: " + why + ", and no session is stored",
                      snowflake::login_command(connection));
  }
  const auto sentence = lasting_until(*push.login_at, now);
  return ask_server ? open_session(context, push, sentence) : ok(sentence);
}

/// Of a connection that logs in without the user. A credential that was never sent may be wrong.
Finding unattended_login(CheckContext& context, const NextPush& push, const std::optional<Finding>& last) {
  auto finding = check_authenticator(context);
  if (finding.state != State::ok) return finding;
  if (last) return *last;
  if (context.connection->token_source == config::TokenSource::programmatic_access_token)
    return {State::skipped, "Docker sends the token of the connection to the registry"};
  return push.cached.empty() ? Finding{State::skipped, "not logged in yet: the next push logs in"}
                             : ok("logs in by itself");
}

/// Whether Snowflake still accepts the session that is stored. Without an answer it may.
bool is_open(CheckContext& context) {
  try {
    return context.wiring.session(*context.connection).check();
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::network && error.kind() != base::Kind::busy) throw;
    return true;
  }
}

/// A login that would fail does not matter to the next push while the stored one lasts.
Finding with_stored_login(CheckContext& context, NextPush& push, bool ask_server, Finding next_login) {
  const auto now = context.clock.now();
  if (next_login.state != State::failed || context.connection->token_source != config::TokenSource::session)
    return next_login;
  const auto is_session = [](const std::string& kind) { return kind == snowflake::session_kind; };
  const bool has_session = last_expiry(push.cached, now, is_session) > now;
  if (ask_server && has_session && !is_open(context))
    push.cached = context.wiring.session(*context.connection).cached();
  // A stored session or registry token works without a login.
  const auto until = last_expiry(push.cached, now, [&](const std::string& kind) {
    return is_session(kind) || kind == token::registry_token_kind;
  });
  if (until == now) return next_login;
  next_login.state = State::warning;
  next_login.sentence = "the stored login works for another " + output::time_left(until - now) +
                        "; a new one would not: " + next_login.sentence;
  return next_login;
}

Finding login(CheckContext& context, NextPush& push, bool ask_server) {
  auto finding = check_connection(context);
  if (finding.state == State::failed) return finding;
  push.host = context.host->name();
  finding = check_host(context);
  if (finding.state == State::failed) return finding;
  const auto& connection = *context.connection;
  push.cached = context.wiring.session(connection).cached();
  const auto next_login = [&] {
    const auto last = last_failure(context);
    snowflake::check_token_source(connection, context.environment, context.clock.now());
    return snowflake::is_interactive(connection) ? interactive_login(context, push, ask_server)
                                                 : unattended_login(context, push, last);
  };
  finding = finding_of(next_login, context);
  return with_stored_login(context, push, ask_server, std::move(finding));
}

Finding docker_setup(CheckContext& context) {
  if (!context.connection || !context.host) return skipped("the registry is not known");
  if (!context.wiring.host_served_by(*context.connection)) {
    // Throws when there is no such connection.
    static_cast<void>(context.resolver.connection_for(*context.host));
    return skipped("Docker logs in to this registry with another connection or role");
  }
  auto finding = check_docker_config(context);
  return finding.state == State::failed ? finding : check_cred_helpers(context);
}

std::string display_name_of(const std::string& kind) {
  if (kind == snowflake::mfa_token_kind) return "MFA token";
  if (kind == snowflake::id_token_kind) return "id token";
  if (kind == snowflake::access_token_kind) return "OAuth access token";
  if (kind == snowflake::refresh_token_kind) return "OAuth refresh token";
  std::string words = kind;
  std::ranges::replace(words, '-', ' ');
  return words;
}

}  // namespace

base::TimePoint login_needed_at(const config::Connection& connection,
                                const std::vector<snowflake::CachedCredential>& cached, base::TimePoint now) {
  return last_expiry(cached, now, [&](const std::string& kind) {
    return snowflake::allows_login_without_user(connection, kind);
  });
}

std::string lifetime_of(const snowflake::CachedCredential& credential, base::TimePoint now) {
  return display_name_of(credential.kind) + ": " + output::time_left(credential.expires_at - now);
}

std::string describe(const snowflake::CachedCredential& credential, base::TimePoint now) {
  return lifetime_of(credential, now) + ", in the " + base::join(credential.stores, " and the ");
}

std::optional<std::string> stored_login(CheckContext& context) {
  const auto now = context.clock.now();
  const auto& connection = *context.connection;
  const auto end = login_needed_at(connection, context.wiring.session(connection).cached(), now);
  return end == now ? std::nullopt : std::optional{lasting_until(end, now)};
}

NextPush next_push(CheckContext& context, bool ask_server) {
  NextPush push;
  push.login = finding_of([&] { return login(context, push, ask_server); }, context);
  push.docker = finding_of([&] { return docker_setup(context); }, context);
  for (auto* finding : {&push.login, &push.docker}) *finding = context.redaction.clean(std::move(*finding));
  return push;
}

}  // namespace plugin::doctor
