// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/http.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "ui/prompter.hpp"

namespace snowflake {

/// How often a user may type a password, a passcode or a passphrase before the login fails. Five wrong
/// passwords lock a user out (https://docs.snowflake.com/en/user-guide/admin-user-management).
inline constexpr int max_typed_attempts = 3;

/// The dependencies of an authenticator.
struct AuthContext {
  const config::Connection& connection;
  const config::Account& account;
  const base::Environment& environment;
  base::Clock& clock;
  net::HttpClient& http;  ///< also for requests to other hosts than the account
  StoredCredentials stored;
  ui::Prompter* prompter = nullptr;  ///< for interactive logins; null when the user cannot be asked
};

/// One way to log in (`snowflake/PROTOCOL.md` 3).
class Authenticator {
public:
  virtual ~Authenticator() = default;
  /// Obtains the credential, possibly from the user. Called once before every login. Throws
  /// `config`, `network`, `denied`, and `login_required` when it needs a user and has no prompter.
  virtual void prepare() {}
  /// Adds the credential to the `data` of a login request. Called for every attempt, so that nothing in it is
  /// stale. Throws `config` when the connection is incomplete.
  virtual void add_to(base::Json& data) = 0;
  /// Whether a login may be sent again when it is not known whether the first one was processed.
  virtual net::RetryMode retry_mode() const = 0;
  /// The timeout of one attempt.
  virtual std::chrono::milliseconds timeout() const { return std::chrono::seconds{60}; }
  /// Whether the login request notifies the user's phone, and is answered once the user has approved it
  /// there.
  virtual bool waits_for_approval() const { return false; }
  /// Whether Snowflake may notify the user's phone, as it does for users with a second factor.
  virtual bool may_notify_phone() const { return waits_for_approval(); }
  /// Whether the last login request had a passcode or an MFA token.
  virtual bool has_second_factor() const { return false; }
  /// Called when Snowflake has opened a session. Stores credentials in the answer's `data` for the next
  /// login.
  virtual void on_login_succeeded(const base::Json& /*data*/) {}
  /// Called when Snowflake has refused the login. Erases the stored credential that was refused; true when
  /// another login, which begins with `prepare`, may succeed.
  virtual bool should_retry(std::string_view /*code*/) { return false; }
  /// Called when Snowflake has refused the login and there is a prompter. Erases what the user typed if that
  /// was refused; true when `prepare` asks for it again, or for a passcode that Snowflake wants.
  virtual bool may_type_again(std::string_view /*code*/) { return false; }
  /// A next step that is more specific than the one for the code of the refusal; empty when there is none.
  virtual base::NextStep next_step(const Answer&) { return {}; }
};

/// The authenticator that the connection names. Throws `config`: 251007 for an unknown name, and the
/// Snowflake CLI's message for a private key with another authenticator.
[[nodiscard]] std::unique_ptr<Authenticator> make_authenticator(const AuthContext&);

/// ` -c <name>` for commands in hints; ` -x` for a temporary connection.
std::string connection_option(const config::Connection&);
/// The command that logs in with this connection.
std::string login_command(const config::Connection&);
/// The same as a next step, followed by `rest`.
base::NextStep login_step(const config::Connection&, std::string_view rest = {});

/// Whether logging in with this connection needs a user when no credentials are stored.
bool is_interactive(const config::Connection&);
/// Whether it may need a user: a key pair does if the key has a passphrase, which only reading the key shows.
bool may_be_interactive(const config::Connection&);

/// Whether a stored secret of this kind makes a login with this connection possible without a user.
bool allows_login_without_user(const config::Connection&, std::string_view kind);

// What authenticators share.

/// The connection's user. Throws `config` with the message of the Snowflake CLI (251005) when there is none.
std::string required_user(const config::Connection&);

/// The connection's token, without surrounding white space: from `token_file_path`, which is read each time,
/// else `token`. Throws `config` when there is none, or the file is missing or empty.
base::Secret required_token(const config::Connection&, const base::Environment&);

/// The text of the connection's private key, which may be DER: from `private_key_file`, which is read each
/// time, else `private_key_raw`. Throws `config` when there is none, or the file is missing or a directory.
base::Secret required_private_key(const config::Connection&, const base::Environment&);

/// Throws `config` for an expired JWT, which is never sent (RFC 7519, 4.1.4). `whose` is "the token of ..."
/// for the message, and `next` the next step.
void require_not_expired(const base::Secret& token, base::TimePoint now, const std::string& whose,
                         const base::NextStep& next);

/// Asks for the passphrase of an encrypted private key, `max_typed_attempts` times at most, and returns the
/// one that opens it. Throws `login_required` when there is no terminal, and `config` when none was right.
[[nodiscard]] base::Secret ask_passphrase(const base::Secret& private_key, ui::Prompter&);

/// Asks the account for the identity provider of the connection's user, and returns the answer's `data`
/// (`snowflake/PROTOCOL.md` 3.5, 3.9). `more` is added to the request's `data`. Throws the refusal,
/// `network`, and `config` when the connection has no user.
[[nodiscard]] base::Json authenticator_request(const AuthContext&, std::string_view authenticator,
                                               const base::Json& more = base::Json::object());

/// The authenticators, one per file.
std::unique_ptr<Authenticator> password_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> password_and_mfa_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> key_pair_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> programmatic_access_token_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_token_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> workload_identity_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> okta_authenticator(const AuthContext&);
/// Always throws `config`, and suggests an authenticator that works.
std::unique_ptr<Authenticator> no_authenticator_with_external_session(const AuthContext&);
std::unique_ptr<Authenticator> browser_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_authorization_code_authenticator(const AuthContext&);
std::unique_ptr<Authenticator> oauth_client_credentials_authenticator(const AuthContext&);

}  // namespace snowflake
