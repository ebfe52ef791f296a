// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/http.hpp"
#include "snowflake/session.hpp"
#include "token/sign_in_turn.hpp"
#include "token/token_store.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// The kinds of what is kept of a sign-in.
inline constexpr const char* session_kind = "session";
inline constexpr const char* registry_token_kind = "registry-token";

/// One connection and what is kept of its sign-ins: who somebody is, where, and in which role. Two
/// connections that differ in nothing of that share what is kept.
class SignIn {
public:
  /// `person` is asked where the connection's way to sign in needs somebody. Throws `config` when the
  /// connection is not sound.
  SignIn(config::Connection, const base::Environment&, base::Clock&, ui::Prompter* prompter = nullptr);

  const config::Connection& connection() const noexcept { return connection_; }
  const config::Account& account() const noexcept { return account_; }
  /// The key of one kind of secret that is kept of this sign-in.
  token::StoreKey key(std::string kind) const;

  /// A registry token: from the kept session, else from the session renewed, else from a new one; at most one
  /// of each. What is new of a session is kept before it is used, so that a process that is killed leaves it
  /// behind. `anew` begins with a new session. Throws `denied`, `network`, `config`; trouble with the network
  /// never leads to a new session.
  IssuedToken issue_registry_token(net::HttpClient&, token::TokenStore& kept, const token::SignInTurn&,
                                   bool anew) const;

  /// What is kept of a session; absent when there is none whose master token is still good by this clock.
  std::optional<SessionTokens> kept_tokens(token::TokenStore& kept) const;
  /// A new session, which is kept. A refusal is remembered, and thrown again for a while without asking
  /// (`refusal.hpp`). Throws `denied`, `network`, `config`.
  Session open_session(Api&, token::TokenStore& kept, const token::SignInTurn&) const;
  void keep(token::TokenStore& kept, const Session&) const;

private:
  Session log_in(Api&, token::TokenStore& kept) const;
  std::optional<IssuedToken> issue_from_kept_session(Api&, token::TokenStore& kept) const;

  config::Connection connection_;
  config::Account account_;
  const base::Environment& environment_;
  base::Clock& clock_;
  ui::Prompter* prompter_;
};

}  // namespace snowflake
