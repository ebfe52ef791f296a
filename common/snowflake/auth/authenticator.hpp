// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/json.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/http.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// What a way to sign in is given.
struct AuthContext {
  const config::Connection& connection;
  const config::Account& account;
  const base::Environment& environment;
  base::Clock& clock;
  net::HttpClient& http;  ///< for what does not go to the account itself
  StoredCredentials kept;
  ui::Prompter* prompter = nullptr;  ///< whoever can be asked; nobody in the credential helper
};

/// One way of proving who somebody is (`snowflake/PROTOCOL.md` 3).
class Authenticator {
public:
  virtual ~Authenticator() = default;
  /// Gets what a proof is made of, from elsewhere or from a person, once before every sign-in. Throws
  /// `config`, `network`, `denied`, and `login_required` where a person is needed and there is none.
  virtual void prepare() {}
  /// Puts the proof into the `data` of a sign-in. Called anew for every attempt, so that nothing in it is
  /// stale. Throws `config` when the connection lacks something.
  virtual void add_to(base::Json& data) = 0;
  /// Whether a sign-in may be sent again when nobody knows what became of the first.
  virtual net::RetryMode retry_mode() const = 0;
  /// How long one attempt may take before it counts as unanswered.
  virtual std::chrono::milliseconds timeout() const { return std::chrono::seconds{60}; }
  /// Whether the sign-in rings a phone, and is answered when somebody has approved it there.
  virtual bool waits_for_approval() const { return false; }
  /// Whether Snowflake may ring a phone all the same, as it does for users who have a second factor.
  virtual bool may_ring() const { return waits_for_approval(); }
  /// Snowflake opened a session. Keeps what the answer's `data` has for next time.
  virtual void signed_in(const base::Json& /*data*/) {}
  /// Snowflake refused. Forgets what was kept and did not work; true when another sign-in makes sense then.
  virtual bool may_try_again(std::string_view /*code*/) { return false; }
  /// What to do about a refusal, when this way to sign in knows better than the table of codes; else empty.
  virtual std::string next_step(const Answer&) { return {}; }
};

/// By the connection's `authenticator`. Throws `config`: 251007 for a name that nobody knows, and the
/// Snowflake CLI's sentence for a private key beside another authenticator.
std::unique_ptr<Authenticator> make_authenticator(const AuthContext&);

/// The authenticators, one file each.
std::unique_ptr<Authenticator> password_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> password_and_mfa_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> key_pair_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> programmatic_access_token_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_token_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> workload_identity_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> okta_authenticator(const AuthContext&);
/// Always throws `config`, with the way that works instead.
std::unique_ptr<Authenticator> no_authenticator_with_external_session(const AuthContext&);
std::unique_ptr<Authenticator> browser_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_authorization_code_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_client_credentials_authenticator(const AuthContext&);

/// Asks the account where the connection's user proves who they are, elsewhere than at Snowflake, and returns
/// the answer's `data` (`snowflake/PROTOCOL.md` 3.5, 3.9). `more` goes into the request's `data`. Throws
/// the refusal, `network`, and `config` when no user is named.
base::Json authenticator_request(const AuthContext&, std::string_view authenticator,
                                 const base::Json& more = base::Json::object());

}  // namespace snowflake
