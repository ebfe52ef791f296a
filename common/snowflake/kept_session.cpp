// SPDX-License-Identifier: Apache-2.0
#include "snowflake/kept_session.hpp"

#include "base/error.hpp"
#include "token/sign_in_turn.hpp"

namespace snowflake {

KeptSession::KeptSession(SignIn sign_in, net::HttpClient& http, SessionPlaces places, base::Clock& clock)
    : sign_in_(std::move(sign_in)),
      api_(http, clock, sign_in_.account()),
      places_(std::move(places)),
      clock_(clock) {}

Session& KeptSession::session() {
  if (session_) return *session_;
  if (auto tokens = sign_in_.kept_tokens(places_.kept)) {
    return session_.emplace(api_, std::move(*tokens), clock_);
  }
  replace(SessionStatus::session_gone);
  return *session_;
}

void KeptSession::replace(SessionStatus end) {
  const auto key = sign_in_.key(registry_token_kind);
  const token::SignInTurn turn{places_.runtime, key, places_.sources, places_.deadline, clock_};
  const std::string old = session_ ? std::string{session_->tokens().session.reveal()} : std::string{};
  auto kept = sign_in_.kept_tokens(places_.kept);
  if (kept && kept->session.reveal() != old) {
    session_.emplace(api_, std::move(*kept), clock_);
    return;
  }
  if (kept && end == SessionStatus::session_expired) {
    Session renewed{api_, *kept, clock_};
    try {
      renewed.renew();
      sign_in_.keep(places_.kept, renewed);
      session_.emplace(std::move(renewed));
      return;
    } catch (const base::Error& error) {
      if (error.kind() != base::Kind::denied) throw;
    }
  }
  places_.kept.erase(sign_in_.key(session_kind));
  session_.emplace(sign_in_.open_session(api_, places_.kept, turn));
}

void KeptSession::with_session(const std::function<SessionStatus(Session&)>& action) {
  // Expired, renewed, found to be gone, opened anew: after that something else is wrong.
  for (int attempts = 3; attempts > 0; --attempts) {
    const auto end = action(session());
    if (end == SessionStatus::done) return;
    replace(end);
  }
  throw base::Error(base::Kind::denied, "Snowflake ends every session as soon as it is opened",
                    "check the session policies of the account, and the clock of this machine");
}

void KeptSession::run(std::string_view sql, ResultSink& sink) {
  with_session([&](Session& session) { return session.run(sql, sink); });
}

RestAnswer KeptSession::call(const RestCall& call) {
  RestAnswer answer;
  with_session(
      [&](Session& session) { return run_rest_call(api_, session.tokens().session, call, answer, clock_); });
  return answer;
}

Result KeptSession::run(std::string_view sql) {
  Result result;
  run(sql, result);
  return result;
}

}  // namespace snowflake
